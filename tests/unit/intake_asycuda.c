#include "intake_help.h"

#define HEAD_OF(number)                                                                                      \
    "<ASYCUDA><Property><Date_of_declaration/></Property><Identification><Office_segment>"                   \
    "<Customs_clearance_office_code>AZ0301</Customs_clearance_office_code></Office_segment>"                 \
    "<Type><Type_of_declaration>IM</Type_of_declaration><Declaration_gen_procedure_code>4</"                 \
    "Declaration_gen_procedure_code>"                                                                        \
    "<Type_of_transit_document><null/></Type_of_transit_document></Type>"                                    \
    "<Registration><Serial_number>C</Serial_number><Number>" number                                          \
    "</Number><Date>2026-03-02</Date></Registration>"                                                        \
    "</Identification>"
#define ITEM_OF(code)                                                                                        \
    "<Item><Tarification><HScode><Commodity_code>" code "</Commodity_code></HScode></Tarification></Item>"
#define SMALL(number) HEAD_OF(number) ITEM_OF("08062010") "</ASYCUDA>"

static const char full[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- made by hand -->\n" HEAD_OF(
    "1042") "<Traders><Exporter><Exporter_code>E1</Exporter_code><Exporter_name>Exporter one\nStreet "
            "1\nTown</Exporter_name></Exporter>"
            "<Consignee><Consignee_code>C1</Consignee_code><Consignee_name>Consignee &amp; "
            "one</Consignee_name></Consignee></Traders>"
            "<Declarant><Declarant_code>D1</Declarant_code><Declarant_name><null/></Declarant_name>"
            "<Reference><Number>77</Number></Reference></Declarant>"
            "<General_information><Country><Trading_country>TR</"
            "Trading_country><Export><Export_country_code>IR</Export_country_code>"
            "</Export><Destination><Destination_country_code>AZ</Destination_country_code></Destination></"
            "Country></General_information>"
            "<Transport><Means_of_transport><Departure_arrival_information><Identity>OLD</"
            "Identity><Nationality>GE</Nationality>"
            "</Departure_arrival_information><Border_information><Identity>10AA001</"
            "Identity><Nationality>TR</Nationality>"
            "<Mode>3</Mode></Border_information></Means_of_transport><Border_office><Code>AZ0399</Code></"
            "Border_office></Transport>"
            "<Financial><Mode_of_payment>CASH</Mode_of_payment></Financial>"
            "<Transit><Seals><Number>2</Number><Identity>S1, S2</Identity></Seals></Transit>"
            "<Valuation><Gs_Invoice><Currency_code>USD</Currency_code></Gs_Invoice></Valuation>"
            "<Container><Item_Number>1</Item_Number><Container_identity>CSQU3054383</Container_identity></"
            "Container>"
            "<Item><Attached_documents><Attached_document_code>CMR</Attached_document_code>"
            "<Attached_document_reference>K-5</Attached_document_reference></Attached_documents>"
            "<Packages><Number_of_packages>1000</Number_of_packages><Kind_of_packages_code>CT</"
            "Kind_of_packages_code></Packages>"
            "<Tarification><HScode><Commodity_code>08062010</Commodity_code><Precision_1>00</Precision_1></"
            "HScode>"
            "<Extended_customs_procedure>4000</Extended_customs_procedure><Item_price>12000</Item_price>"
            "<Supplementary_unit><Suppplementary_unit_code>KGM</Suppplementary_unit_code>"
            "<Suppplementary_unit_quantity>20500</Suppplementary_unit_quantity></Supplementary_unit></"
            "Tarification>"
            "<Goods_description><Country_of_origin_code>IR</"
            "Country_of_origin_code><Description_of_goods>grapes, dried</Description_of_goods>"
            "</Goods_description><Valuation_item><Weight_itm><Gross_weight_itm>21000.5</Gross_weight_itm>"
            "<Net_weight_itm>20500.0</Net_weight_itm></Weight_itm><Statistical_value>20400.25</"
            "Statistical_value></Valuation_item>"
            "<Taxation><Item_taxes_amount>3060.04</Item_taxes_amount><Taxation_line><Duty_tax_code>DUT</"
            "Duty_tax_code>"
            "<Duty_tax_rate>15</Duty_tax_rate></Taxation_line><Taxation_line><Duty_tax_code>VAT</"
            "Duty_tax_code>"
            "<Duty_tax_rate>18</Duty_tax_rate></Taxation_line></Taxation></Item>" ITEM_OF(
                "84321000") "</ASYCUDA>\n";

static tmg_rc read_sad(intake *in, tmg_span bytes)
{
    return read_with(in, bytes,
                     &(tmg_intake_options){.format = "asycuda", .offset_min = 240, .currency = "AZN"});
}

static void maps_the_elements(void **state)
{
    intake *in = *state;
    assert_int_equal(read_sad(in, TMG_SPAN(full)), TMG_OK);
    assert_int_equal(in->count, 1);
    const tmg_declaration *d = &in->records[0].declaration;
    const tmg_item *i = &d->items[0];
    assert_int_equal(in->records[0].finding_count, 0);
    assert_int_equal(in->records[0].line, 3);
    assert_text(d->ref, "AZ0301-2026-C1042");
    assert_true(d->lodged.at_ms == INT64_C(1772395200000));
    assert_int_equal(d->regime, TMG_IMPORT);
    assert_text(d->post, "AZ0399");
    assert_text(d->party[TMG_CONSIGNOR].name, "Exporter one");
    assert_text(d->party[TMG_CONSIGNOR].address, "Street 1\nTown");
    assert_text(d->party[TMG_CONSIGNEE].name, "Consignee & one");
    assert_int_equal(d->party[TMG_DECLARANT].name.len, 0);
    assert_text(d->departure, "IR");
    assert_text(d->vehicle, "10AA001");
    assert_text(d->vehicle_country, "TR");
    assert_text(d->transport_mode, "3");
    assert_text(d->process_type, "4");
    assert_text(d->import_type, "4000");
    assert_text(d->payment_type, "CASH");
    assert_int_equal(d->equipment_count, 3);
    assert_text(d->equipment[2].number, "S2");
    assert_int_equal(d->document_count, 1);
    assert_text(d->documents[0].number, "K-5");
    assert_int_equal(d->item_count, 2);
    assert_text(i->hs, "0806201000");
    assert_text(i->description, "grapes, dried");
    assert_true(i->packages == 1000 && i->gross_mg == INT64_C(21000500000) && i->quantity_milli == 20500000);
    assert_true(i->value_minor == 2040025 && i->taxes_minor == 306004 && i->tax_rate_bp == 1500);
    assert_text(i->tax_type, "DUT");
    assert_text(d->currency, "AZN");
    assert_text(d->items[1].hs, "84321000");
}

static void many_documents_stand_under_one_root(void **state)
{
    intake *in = *state;
    static const char file[] = "<batch>\n" SMALL("1") "\n" SMALL("2") "\n</batch>";
    assert_int_equal(read_sad(in, TMG_SPAN(file)), TMG_OK);
    assert_int_equal(in->count, 2);
    assert_true(in->records[0].good && in->records[1].good);
    assert_text(in->records[1].raw, SMALL("2"));
    assert_text(in->records[1].declaration.ref, "AZ0301-2026-C2");
    assert_int_equal(in->records[1].line, 3);
}

static void invoice_values_are_taken_when_there_are_no_others(void **state)
{
    intake *in = *state;
    static const char file[] = HEAD_OF(
        "1") "<Valuation><Gs_Invoice><Currency_code>JPY</Currency_code></Gs_Invoice></Valuation>"
             "<Item><Tarification><HScode><Commodity_code>08062010</Commodity_code></"
             "HScode><Item_price>12000</Item_price>"
             "</Tarification><Taxation><Item_taxes_amount>50</Item_taxes_amount></Taxation></Item></ASYCUDA>";
    assert_int_equal(read_sad(in, TMG_SPAN(file)), TMG_OK);
    assert_only_finding(&in->records[0], false, "Item_taxes_amount", "left out");
    assert_text(in->records[0].declaration.currency, "JPY");
    assert_true(in->records[0].declaration.value_minor == 12000);
    assert_true(in->records[0].declaration.taxes_minor == TMG_NONE);
}

static void faults_name_the_element(void **state)
{
    intake *in = *state;
    assert_int_equal(read_sad(in, TMG_SPAN(HEAD_OF("1") ITEM_OF("77010000") "</ASYCUDA>")), TMG_OK);
    assert_only_finding(&in->records[0], true, "Commodity_code", "chapter 77");
    assert_int_equal(read_sad(in, TMG_SPAN(HEAD_OF("1") "</ASYCUDA>")), TMG_OK);
    assert_only_finding(&in->records[0], true, "items", "at least one");
    assert_text(in->records[0].raw, HEAD_OF("1") "</ASYCUDA>");
}

/* A draft without registration: its declarant's reference and its own date speak. */
static void dates_with_slashes_are_read_only_when_plain(void **state)
{
    intake *in = *state;
    static const struct {
        const char *date;
        int64_t at_ms; /* TMG_NONE: refused */
    } table[] = {{"3/22/2026", INT64_C(1774137600000)},
                 {"22/3/26", INT64_C(1774137600000)},
                 {"3/3/2026", INT64_C(1772496000000)},
                 {"22.03.2026", INT64_C(1774137600000)},
                 {"3/4/2026", TMG_NONE},
                 {"13/13/2026", TMG_NONE}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char file[1024];
        (void)snprintf(
            file, sizeof file,
            "<ASYCUDA><Property><Date_of_declaration>%s</Date_of_declaration></"
            "Property><Identification><Office_segment>"
            "<Customs_clearance_office_code>AZ0301</Customs_clearance_office_code></Office_segment><Type>"
            "<Type_of_declaration>EX</Type_of_declaration></Type></"
            "Identification><Declarant><Reference><Number>77</Number>"
            "</Reference></Declarant>" ITEM_OF("08062010") "</ASYCUDA>",
            table[i].date);
        assert_int_equal(read_sad(in, tmg_span_of(file)), TMG_OK);
        assert_text(in->records[0].declaration.ref, "77");
        assert_int_equal(in->records[0].declaration.regime, TMG_EXPORT);
        if (table[i].at_ms == TMG_NONE)
            assert_only_finding(&in->records[0], true, "Registration/Date", "expected a date like");
        else
            assert_true(in->records[0].declaration.lodged.at_ms + 4 * TMG_HOUR_MS == table[i].at_ms);
    }
}

static void a_doctype_is_refused(void **state)
{
    intake *in = *state;
    assert_int_equal(
        read_sad(in, TMG_SPAN("<!DOCTYPE ASYCUDA SYSTEM \"http://127.0.0.1/x.dtd\">" SMALL("1"))),
        TMG_E_INVALID);
    assert_says(&in->err, "DOCTYPE");
    assert_int_equal(
        read_sad(in, TMG_SPAN("<!DOCTYPE a [<!ENTITY l \"lol\"><!ENTITY m \"&l;&l;&l;&l;&l;&l;&l;&l;&l;\">"
                              "<!ENTITY n \"&m;&m;&m;&m;&m;&m;&m;&m;&m;\">]><ASYCUDA>&n;</ASYCUDA>")),
        TMG_E_INVALID);
    assert_says(&in->err, "DOCTYPE");
}

static void xml_without_a_declaration_is_refused(void **state)
{
    intake *in = *state;
    assert_int_equal(read_sad(in, TMG_SPAN("<Invoice><Item/></Invoice>")), TMG_E_INVALID);
    assert_says(&in->err, "no <ASYCUDA>");
    assert_int_equal(read_sad(in, TMG_SPAN("not XML")), TMG_E_INVALID);
    assert_int_equal(read_sad(in, TMG_SPAN("")), TMG_E_INVALID);
}

static void what_stands_before_a_break_is_kept(void **state)
{
    intake *in = *state;
    static const char file[] = "<batch>" SMALL("1") HEAD_OF("2") "<Item><Tarif";
    assert_int_equal(read_sad(in, TMG_SPAN(file)), TMG_OK);
    assert_int_equal(in->count, 2);
    assert_true(in->records[0].good);
    assert_only_finding(&in->records[1], true, "record", "line 1");
    assert_text(in->records[1].raw, HEAD_OF("2") "<Item><Tarif");

    /* The parser looks ahead: a document that ends right before the break goes to quarantine with it, whole.
     */
    assert_int_equal(read_sad(in, TMG_SPAN("<batch>" SMALL("1") "</wrong>")), TMG_OK);
    assert_int_equal(in->count, 1);
    assert_false(in->records[0].good);
    assert_text(in->records[0].raw, SMALL("1") "</wrong>");
}

static void a_document_of_more_than_a_mebibyte_is_passed_over(void **state)
{
    intake *in = *state;
    TMG_AUTO_BUF b;
    tmg_buf_init(&b, 4 << 20);
    tmg_buf_z(&b, "<batch>" HEAD_OF("1"));
    for (int i = 0; i < 90000; i++)
        tmg_buf_z(&b, "<Container/>");
    tmg_buf_z(&b, "</ASYCUDA>" SMALL("2") "</batch>");
    assert_int_equal(read_sad(in, tmg_buf_as_span(&b)), TMG_OK);
    assert_int_equal(in->count, 2);
    assert_only_finding(&in->records[0], true, "record", "longer than 1 MiB");
    assert_true(in->records[1].good);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, intake_setup, intake_teardown)
    const struct CMUnitTest tests[] = {
        T(maps_the_elements),
        T(many_documents_stand_under_one_root),
        T(invoice_values_are_taken_when_there_are_no_others),
        T(faults_name_the_element),
        T(dates_with_slashes_are_read_only_when_plain),
        T(a_doctype_is_refused),
        T(xml_without_a_declaration_is_refused),
        T(what_stands_before_a_break_is_kept),
        T(a_document_of_more_than_a_mebibyte_is_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
