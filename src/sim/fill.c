#include "sim/sim_priv.h"

enum { DOCUMENTS = 8, EQUIPMENT = 4 };

static tmg_span keep(tmg_arena *a, const char *z)
{
    return tmg_span_copy(a, tmg_span_of(z));
}

static tmg_span pattern(tmg_arena *a, const char *p, sim_rng *r)
{
    char text[SIM_NUMBER];
    sim_pattern(text, p, r);
    return keep(a, text);
}

static void fill_vehicle(const sim_world *w, sim_draft *d, tmg_arena *a, tmg_declaration *ret)
{
    const sim_who *carrier = &d->who[TMG_CARRIER];
    char plate[SIM_NUMBER];
    uint64_t fleet = (uint64_t)carrier->id * 10000 + d->truck;
    sim_rng r = sim_rng_of(w->o.seed, SIM_S_FLEET,
                           fleet * 65536 + (unsigned char)carrier->country[0] * 256u +
                               (unsigned char)carrier->country[1]);
    char mode[2] = {d->flow->mode, '\0'};
    ret->transport_mode = keep(a, mode);
    if (d->flow->mode == '4') {
        ret->vehicle = pattern(a, "XZ 9999", &r);
        return;
    }
    if (d->flow->mode == '2') {
        ret->vehicle = pattern(a, "99999999", &r);
        return;
    }
    sim_plate(plate, carrier->country, &r);
    ret->vehicle = keep(a, plate);
    ret->vehicle_country = tmg_span_of(carrier->country);
    sim_plate(plate, carrier->country, &r);
    /* One trip in twelve is made with another trailer of the fleet. */
    if (sim_chance(&d->rng, 80000))
        sim_plate(plate, carrier->country, &r);
    ret->trailer = keep(a, plate);
}

static void fill_equipment(sim_draft *d, tmg_arena *a, tmg_declaration *ret)
{
    char number[SIM_NUMBER];
    ret->equipment = tmg_alloc_array(a, EQUIPMENT, sizeof *ret->equipment);
    if (d->flow->container) {
        sim_container(number, &d->rng);
        ret->equipment[ret->equipment_count++] = (tmg_equipment){TMG_CONTAINER, keep(a, number)};
    }
    if (d->flow->container || d->flow->regime == TMG_TRANSIT)
        ret->equipment[ret->equipment_count++] = (tmg_equipment){TMG_SEAL, pattern(a, "A99999999", &d->rng)};
    if (d->flow->regime == TMG_TRANSIT && d->flow->mode == '3' && sim_chance(&d->rng, 780000))
        ret->tir_carnet = pattern(a, "XZ99999999", &d->rng);
}

static void fill_route(const sim_draft *d, tmg_arena *a, tmg_declaration *ret)
{
    const char *all[2 * SIM_VIAS + 3];
    size_t n = 0;
    all[n++] = d->from;
    for (size_t i = 0; i < SIM_VIAS && d->flow->before[i] != NULL; i++)
        all[n++] = d->flow->before[i];
    all[n++] = "AZ";
    for (size_t i = 0; i < SIM_VIAS && d->flow->after[i] != NULL; i++)
        all[n++] = d->flow->after[i];
    all[n++] = d->to;
    ret->route = tmg_alloc_array(a, n, sizeof *ret->route);
    for (size_t i = 0; i < n; i++) {
        bool again = false;
        for (size_t k = 0; k < ret->route_count; k++)
            again = again || tmg_span_is(ret->route[k], all[i]);
        if (!again)
            ret->route[ret->route_count++] = tmg_span_of(all[i]);
    }
}

static void add_document(tmg_declaration *ret, const char *type, tmg_span number)
{
    if (ret->document_count < DOCUMENTS)
        ret->documents[ret->document_count++] = (tmg_document){tmg_span_of(type), number};
}

/* The permits that the goods as declared need, once each.  A licence goes with every notified precursor. */
static void add_permits(sim_draft *d, tmg_arena *a, tmg_declaration *ret)
{
    for (size_t i = 0; i < d->load_count; i++) {
        const char *permit = d->loads[i].goods->permit;
        bool had = false;
        for (size_t k = 0; k < i; k++)
            had = had || d->loads[k].goods->permit == permit;
        if (permit == NULL || had || d->permit_missing)
            continue;
        add_document(ret, permit, pattern(a, "AZ\\-9999-99999", &d->rng));
        if (strcmp(permit, "PEN") == 0)
            add_document(ret, "LICENCE", pattern(a, "L99-99999", &d->rng));
    }
}

static void fill_documents(sim_draft *d, tmg_arena *a, tmg_declaration *ret)
{
    static const char *const waybills[5] = {"BL", "SMGS", "CMR", "AWB", "CMR"};
    ret->documents = tmg_alloc_array(a, DOCUMENTS, sizeof *ret->documents);
    add_document(ret, "INVOICE", pattern(a, "~~9999-99", &d->rng));
    add_document(ret, waybills[d->flow->mode - '1'], pattern(a, "99999999", &d->rng));
    add_permits(d, a, ret);
}

/* Packing weighs 2 to 7 per cent of the goods. */
static int64_t gross_of(sim_draft *d, const sim_load *l, int64_t net_g)
{
    int64_t packing = net_g * sim_between(&d->rng, 20, 70) / 1000 / 100 * 100;
    return net_g + packing + l->extra_gross_g;
}

static void fill_item(sim_draft *d, size_t i, tmg_item *it)
{
    const sim_load *l = &d->loads[i];
    const sim_goods *g = l->goods;
    bool import = d->flow->regime == TMG_IMPORT;
    int64_t net_g = l->net_g * l->declared_net_pct / 100 / 100 * 100;
    if (net_g < 1000)
        net_g = 1000;
    *it = (tmg_item){.no = (int32_t)i + 1,
                     .hs = tmg_span_of(g->hs),
                     .description = tmg_span_of(g->description),
                     .origin = tmg_span_of(l->origin),
                     .net_mg = net_g * 1000,
                     .gross_mg = gross_of(d, l, net_g) * 1000,
                     .packages = (l->net_g + g->package_g - 1) / g->package_g,
                     .package_kind = tmg_span_of(g->package),
                     .quantity_milli = g->unit_g > 0 ? (net_g + g->unit_g - 1) / g->unit_g * 1000 : net_g,
                     .unit = tmg_span_of(g->unit),
                     .tax_rate_bp = import ? g->duty_bp : TMG_NONE,
                     .taxes_minor = TMG_NONE};
    it->value_minor = net_g * l->price / 1000 * (d->level_ppm / 1000) / 1000;
    if (it->value_minor < 100)
        it->value_minor = 100;
    if (import) {
        it->tax_type = TMG_SPAN("10");
        it->taxes_minor = it->value_minor * g->duty_bp / 10000;
    }
}

void sim_draft_fill(const sim_world *w, sim_draft *d, tmg_arena *a, tmg_declaration *ret)
{
    static const char *const procedures[] = {"", "4000", "1000", "8000"};
    *ret = (tmg_declaration){.version = 1,
                             .ref = tmg_span_of(d->ref),
                             .lodged = {d->lodged_ms, w->o.offset_min},
                             .expected_ms = d->expected_ms,
                             .known_at_ms = d->lodged_ms,
                             .regime = d->flow->regime,
                             .post = tmg_span_of(sim_post_at(d->post)->code),
                             .departure = tmg_span_of(d->from),
                             .destination = tmg_span_of(d->to),
                             .process_type = tmg_span_of(procedures[d->flow->regime]),
                             .currency = TMG_SPAN("AZN"),
                             .value_minor = TMG_NONE,
                             .gross_mg = TMG_NONE,
                             .taxes_minor = TMG_NONE};
    for (int role = 0; role < TMG_PARTY_ROLES; role++)
        ret->party[role] = sim_party(w->o.seed, &d->who[role], a);
    fill_vehicle(w, d, a, ret);
    fill_equipment(d, a, ret);
    fill_route(d, a, ret);
    fill_documents(d, a, ret);
    ret->item_count = d->load_count;
    ret->items = tmg_alloc_array(a, d->load_count, sizeof *ret->items);
    for (size_t i = 0; i < d->load_count; i++)
        fill_item(d, i, &ret->items[i]);
    tmg_declaration_sum(ret);
}
