#include "base/csv.h"
#include "base/file.h"
#include "base/qty.h"
#include "world.h"

enum { CELLS = 22, FILE_ROWS = 50000 };
enum {
    OFFICE = 2,
    PROCESS,
    TYPE,
    USE,
    PAYMENT,
    MODE,
    DECLARANT,
    IMPORTER,
    SELLER,
    COURIER,
    HS6,
    DEPARTURE,
    ORIGIN,
    TAX_RATE,
    TAX_TYPE,
    MARKING,
    MASS,
    PRICE
};

void world_die(const char *why)
{
    (void)fprintf(stderr, "tamga-rules-bench: %s\n", why);
    exit(1);
}

uint32_t world_roll(world *w, uint32_t sides)
{
    w->dice = w->dice * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((w->dice >> 33) % sides);
}

static int64_t quantity(tmg_span s, int scale)
{
    int64_t v;
    return tmg_decimal_parse(s, scale, TMG_ROUND_HALF_EVEN, &v, NULL) == TMG_OK ? v : TMG_NONE;
}

/* The file has lost the leading zeros of its codes. */
static tmg_span padded(tmg_arena *a, tmg_span hs)
{
    tmg_span p = {tmg_alloc(a, 7), 6};
    char *to = tmg_strdup_n(a, "000000", 6);
    memcpy(to + 6 - (hs.len < 6 ? hs.len : 6), hs.ptr, hs.len < 6 ? hs.len : 6);
    p.ptr = to;
    return p;
}

static void add_row(world *w, tmg_row *base, size_t *count, const tmg_span *c)
{
    tmg_item it = {.no = 1,
                   .hs = padded(w->arena, c[HS6]),
                   .origin = c[ORIGIN],
                   .origin_marking = c[MARKING],
                   .gross_mg = TMG_NONE,
                   .net_mg = quantity(c[MASS], 6),
                   .packages = TMG_NONE,
                   .quantity_milli = TMG_NONE,
                   .value_minor = quantity(c[PRICE], 2),
                   .tax_rate_bp = quantity(c[TAX_RATE], 2),
                   .tax_type = c[TAX_TYPE],
                   .taxes_minor = TMG_NONE};
    tmg_declaration d = {.regime = TMG_IMPORT,
                         .post = c[OFFICE],
                         .expected_ms = TMG_NONE,
                         .process_type = c[PROCESS],
                         .import_type = c[TYPE],
                         .import_use = c[USE],
                         .payment_type = c[PAYMENT],
                         .transport_mode = c[MODE],
                         .departure = c[DEPARTURE],
                         .value_minor = TMG_NONE,
                         .gross_mg = TMG_NONE,
                         .taxes_minor = TMG_NONE,
                         .currency = TMG_SPAN("XXX"),
                         .items = &it,
                         .item_count = 1};
    d.party[TMG_DECLARANT].code = c[DECLARANT];
    d.party[TMG_CONSIGNEE].code = c[IMPORTER];
    d.party[TMG_CONSIGNOR].code = c[SELLER];
    d.party[TMG_CARRIER].code = c[COURIER];
    tmg_row *rows;
    (void)tmg_rows_of(w->dict, &d, 0, w->arena, &rows);
    base[(*count)++] = rows[0];
}

static size_t read_public(world *w, tmg_row *base)
{
    const char *shared = getenv("TAMGA_SHARED"), *source = getenv("TAMGA_SOURCE");
    char path[512];
    tmg_file f;
    tmg_csv csv;
    tmg_span cells[CELLS];
    size_t cell_count, count = 0;
    if (shared != NULL)
        (void)snprintf(path, sizeof path, "%s/data/customs-declarations/train.csv", shared);
    else
        (void)snprintf(path, sizeof path, "%s/../shared/data/customs-declarations/train.csv",
                       source != NULL ? source : ".");
    if (!tmg_path_exists(path) || tmg_file_map(path, &f, NULL) != TMG_OK)
        return 0;
    tmg_csv_begin(&csv, f.bytes, ',', w->arena);
    if (tmg_csv_row(&csv, cells, CELLS, &cell_count, NULL) != TMG_OK)
        world_die("the public data has no heading");
    while (count < FILE_ROWS && tmg_csv_row(&csv, cells, CELLS, &cell_count, NULL) == TMG_OK &&
           cell_count == CELLS)
        add_row(w, base, &count, cells);
    tmg_file_unmap(&f);
    return count;
}

/* Few values are frequent and many are rare, as among traders. */
static tmg_span skewed(world *w, char *to, size_t room, const char *prefix, uint32_t values)
{
    uint32_t most = 1 + world_roll(w, values);
    return (tmg_span){to, (size_t)snprintf(to, room, "%s%04u", prefix, (unsigned)world_roll(w, most))};
}

static size_t make_up(world *w, tmg_row *base)
{
    static const struct {
        int cell;
        const char *prefix;
        uint32_t values;
    } codes[] = {{OFFICE, "", 40},    {PROCESS, "B", 4},   {TYPE, "", 8},         {USE, "", 9},
                 {PAYMENT, "", 9},    {MODE, "", 6},       {DECLARANT, "D", 900}, {IMPORTER, "I", 6000},
                 {SELLER, "S", 6000}, {COURIER, "C", 300}, {HS6, "08", 2500},     {DEPARTURE, "X", 90},
                 {ORIGIN, "X", 90},   {TAX_TYPE, "F", 12}, {MARKING, "", 5},      {TAX_RATE, "", 20},
                 {MASS, "", 9000},    {PRICE, "", 9000}};
    size_t count = 0;
    while (count < FILE_ROWS / 2) {
        tmg_span cells[CELLS] = {{NULL, 0}};
        char text[CELLS][16];
        for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
            cells[codes[i].cell] = skewed(w, text[i], sizeof text[i], codes[i].prefix, codes[i].values);
        add_row(w, base, &count, cells);
    }
    return count;
}

static void add_set(world *w, tmg_row *row, tmg_set_field f, const uint32_t *from, size_t count)
{
    uint32_t *codes = tmg_alloc_array(w->arena, 4, sizeof *codes);
    size_t kept = 0;
    for (uint32_t n = world_roll(w, 4); n > 0; n--) {
        uint32_t code = from[world_roll(w, (uint32_t)count)];
        if (code != TMG_CODE_NONE && (kept == 0 || codes[kept - 1] < code))
            codes[kept++] = code;
    }
    row->set[f] = codes;
    row->set_count[f] = (uint16_t)kept;
}

static void leave_gaps(world *w, tmg_row *row)
{
    uint32_t countries[2] = {row->code[TMG_CF_ORIGIN], row->code[TMG_CF_DEPARTURE]};
    uint32_t types[3] = {tmg_dict_code(w->dict, TMG_SPAN("CMR")), tmg_dict_code(w->dict, TMG_SPAN("PEN")),
                         tmg_dict_code(w->dict, TMG_SPAN("LICENCE"))};
    uint32_t goods[2] = {row->code[TMG_CF_HS], w->rows[0].code[TMG_CF_HS]};
    add_set(w, row, TMG_SF_ROUTE, countries, 2);
    add_set(w, row, TMG_SF_DOCUMENT, types, 3);
    add_set(w, row, TMG_SF_COMMODITY, goods, 2);
    for (size_t i = 0; i < TMG_CODE_FIELDS; i++)
        if (world_roll(w, 8) == 0)
            row->code[i] = TMG_CODE_NONE;
    for (size_t i = 0; i < TMG_NUMBER_FIELDS; i++)
        if (world_roll(w, 8) == 0)
            row->number[i] = TMG_NONE;
}

void world_new(world *w, size_t count, uint64_t seed, bool gaps)
{
    tmg_row *base = tmg_xcalloc(FILE_ROWS, sizeof *base);
    *w = (world){
        .dict = tmg_dict_new(), .arena = tmg_arena_new((size_t)4 << 30), .row_count = count, .dice = seed};
    size_t base_count = read_public(w, base);
    w->public_data = base_count > 0;
    if (base_count == 0)
        base_count = make_up(w, base);
    w->rows = tmg_xcalloc(count, sizeof *w->rows);
    for (size_t i = 0; i < count; i++) {
        w->rows[i] = base[world_roll(w, (uint32_t)base_count)];
        w->rows[i].declaration_id = (int64_t)i + 1;
        if (gaps)
            leave_gaps(w, &w->rows[i]);
    }
    free(base);
}

void world_free(world *w)
{
    free(w->rows);
    tmg_arena_free(w->arena);
    tmg_dict_free(w->dict);
}
