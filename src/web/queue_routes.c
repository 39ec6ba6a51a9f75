/* What approaches the posts, ranked, and what was ordered there. */
#include "web/site_priv.h"

typedef struct queue_ask {
    tmg_queue_query query;
    bool orders; /* with who ordered what, instead of the days */
    tmg_span post;
    int64_t one_post;
    int64_t shown;
    size_t total;
    tmg_account *accounts;
    size_t account_count;
} queue_ask;

/* "2915.24 acetic anhydride" of the first item, and how many more there are. */
static void write_goods(tmg_json_out *j, const tmg_declaration *d)
{
    const tmg_item *first = &d->items[0];

    tmg_json_object(j, "goods");
    tmg_json_text(j, "hs", first->hs);
    if (first->description.len > 0)
        tmg_json_text(j, "description", first->description);
    if (first->origin.len > 0)
        tmg_json_text(j, "origin", first->origin);
    tmg_json_i64(j, "items", (int64_t)d->item_count);
    tmg_json_end_object(j);
}

/* Every country of the journey once, in order: whence, the countries of routing, whither. */
static void write_route(tmg_json_out *j, const tmg_declaration *d)
{
    tmg_span last = {NULL, 0};

    tmg_json_array(j, "route");
    for (size_t i = 0; i < d->route_count + 2; i++) {
        tmg_span c = i == 0 ? d->departure : i <= d->route_count ? d->route[i - 1] : d->destination;

        if (c.len == 0 || tmg_span_eq(c, last))
            continue;
        tmg_json_text(j, NULL, c);
        last = c;
    }
    tmg_json_end_array(j);
}

static tmg_rc write_earlier_finds(tmg_json_out *j, tmg_db *db, const tmg_declaration *d, tmg_err *err)
{
    tmg_json_object(j, "earlier_finds");
    for (int role = 0; role < TMG_PARTY_ROLES; role++) {
        int64_t finds = 0;

        if (d->party[role].code.len == 0)
            continue;
        TMG_TRY(tmg_party_finds(db, d->party[role].code, &finds, err));
        tmg_json_i64(j, tmg_party_role_name((tmg_party_role)role), finds);
    }
    tmg_json_end_object(j);
    return TMG_OK;
}

static void write_entry(tmg_json_out *j, const tmg_selection *s, const tmg_declaration *d,
                        const tmg_assessment *as, tmg_centre *c)
{
    tmg_json_i64(j, "consignment", s->consignment_id);
    tmg_json_text(j, "ref", d->ref);
    tmg_json_text(j, "post", d->post);
    tmg_json_i64(j, "version", d->version);
    tmg_json_z(j, "regime", tmg_regime_name(d->regime));
    if (d->expected_ms != TMG_NONE)
        tmg_json_time(j, "expected", d->expected_ms, d->lodged.offset_min);
    tmg_json_time(j, "lodged", d->lodged.at_ms, d->lodged.offset_min);
    tmg_json_i64(j, "age_minutes", (tmg_now_ms() - d->known_at_ms) / 60000);
    for (int role = 0; role < TMG_PARTY_ROLES; role++)
        tmg_write_party(j, d, (tmg_party_role)role);
    if (d->departure.len > 0)
        tmg_json_text(j, "departure", d->departure);
    if (d->destination.len > 0)
        tmg_json_text(j, "destination", d->destination);
    write_route(j, d);
    if (d->item_count > 0)
        write_goods(j, d);
    if (d->value_minor != TMG_NONE)
        tmg_json_decimal(j, "value", d->value_minor, tmg_currency_exponent(d->currency));
    tmg_json_text(j, "currency", d->currency);
    tmg_write_selection(j, "selection", s);
    tmg_write_instruction(j, c, s);
    if (as != NULL)
        tmg_write_harms(j, tmg_centre_mind(c), as, d);
}

/* What a team looks for on the lot. */
static void write_means_of_transport(tmg_json_out *j, const tmg_declaration *d)
{
    if (d->vehicle.len > 0)
        tmg_json_text(j, "vehicle", d->vehicle);
    if (d->trailer.len > 0)
        tmg_json_text(j, "trailer", d->trailer);
    tmg_json_array(j, "containers");
    for (size_t i = 0; i < d->equipment_count; i++)
        if (d->equipment[i].kind == TMG_CONTAINER)
            tmg_json_text(j, NULL, d->equipment[i].number);
    tmg_json_end_array(j);
}

static tmg_rc write_order(tmg_json_out *j, const queue_ask *ask, tmg_db *db, int64_t consignment_id,
                          tmg_arena *a, tmg_err *err)
{
    tmg_decision *list;
    size_t count;

    TMG_TRY(tmg_decision_list(db, consignment_id, a, &list, &count, err));
    const tmg_decision *d = tmg_decision_in_force(list, count);

    if (d == NULL)
        return TMG_FAIL(err, TMG_E_STORE, "consignment %lld is ordered but no decision says so",
                        (long long)consignment_id);
    tmg_json_object(j, "order");
    tmg_json_time(j, "at", d->at_ms, 0);
    for (size_t i = 0; i < ask->account_count; i++)
        if (ask->accounts[i].id == d->account_id)
            tmg_json_text(j, "by", ask->accounts[i].display);
    tmg_write_means(j, "means", d->means);
    tmg_json_text(j, "reason", d->reason);
    tmg_json_end_object(j);
    return TMG_OK;
}

static tmg_rc write_entries(tmg_call *c, queue_ask *ask, tmg_db *db, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new((size_t)16 << 20);
    tmg_selection *found;
    size_t count, snoozed = 0, woke = 0;
    tmg_json_out j;

    ask->query.total = &ask->total;
    TMG_TRY(tmg_queue(db, &ask->query, c->req->arena, &found, &count, err));
    if (!ask->orders)
        TMG_TRY(tmg_queue_asleep(db, ask->query.post_ids, ask->query.post_count, &snoozed, &woke, err));
    if (ask->orders)
        TMG_TRY(tmg_account_list(db, c->req->arena, &ask->accounts, &ask->account_count, err));
    tmg_call_json(c, 200, &j);
    tmg_json_object(&j, NULL);
    if (!ask->orders) {
        tmg_write_day(&j, "from", ask->query.day_from);
        tmg_write_day(&j, "to", ask->query.day_to);
    }
    tmg_json_array(&j, "items");
    for (size_t i = 0; i < count; i++) {
        tmg_declaration d;
        tmg_assessment as;
        bool assessed;

        tmg_arena_reset(a);
        TMG_TRY(tmg_declaration_load(db, found[i].declaration_id, a, &d, err));
        TMG_TRY(tmg_if_there(tmg_assessment_load(db, d.id, &as, err), &assessed));
        tmg_json_object(&j, NULL);
        write_entry(&j, &found[i], &d, assessed ? &as : NULL, c->site->centre);
        TMG_TRY(write_earlier_finds(&j, db, &d, err));
        if (ask->orders) {
            write_means_of_transport(&j, &d);
            TMG_TRY(write_order(&j, ask, db, d.consignment_id, a, err));
        }
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    tmg_json_i64(&j, "total", (int64_t)ask->total);
    if (!ask->orders) {
        tmg_json_i64(&j, "snoozed", (int64_t)snoozed);
        tmg_json_i64(&j, "woke", (int64_t)woke);
    }
    tmg_json_i64(&j, "skip", (int64_t)ask->query.skip);
    if (ask->query.skip + count < ask->total)
        tmg_json_i64(&j, "next", (int64_t)(ask->query.skip + count));
    tmg_json_end_object(&j);
    ask->shown = (int64_t)count;
    return TMG_OK;
}

static tmg_rc read_queue(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    queue_ask *ask = ctx;

    ask->query.post_ids = c->who.posts;
    ask->query.post_count = c->who.post_count;
    if (c->who.post_count == 0)
        ask->query.post_ids = NULL;
    if (ask->post.ptr != NULL) {
        tmg_post post;

        TMG_TRY(tmg_post_by_code(db, ask->post, c->req->arena, &post, err));
        TMG_TRY(tmg_guard_may(&c->who, TMG_MAY_QUEUE_READ, post.id, err));
        ask->one_post = post.id;
        ask->query.post_ids = &ask->one_post;
        ask->query.post_count = 1;
    }
    TMG_TRY(tmg_begin_read(db, err));
    tmg_rc rc = write_entries(c, ask, db, err);
    tmg_rollback(db);
    return rc;
}

static tmg_rc log_queue(tmg_call *c, void *ctx, tmg_db *db, tmg_err *err)
{
    const queue_ask *ask = ctx;
    const char *purpose = tmg_call_purpose(c);
    tmg_json_out j;
    TMG_AUTO_BUF b = {0};

    tmg_buf_init(&b, 4096);
    tmg_json_begin(&j, &b);
    tmg_json_object(&j, NULL);
    tmg_json_text(&j, "post", ask->post);
    if (!ask->orders) {
        tmg_write_day(&j, "day_from", ask->query.day_from);
        tmg_write_day(&j, "day_to", ask->query.day_to);
    }
    tmg_json_i64(&j, "shown", ask->shown);
    if (*purpose != '\0')
        tmg_json_z(&j, "purpose", purpose);
    tmg_json_end_object(&j);
    return tmg_guard_log(db, &c->who, "queue.read", c->object, (tmg_span){b.ptr + 1, b.len - 2}, err);
}

static void have_queue(tmg_call *c, void *ctx, tmg_rc rc, const tmg_err *err)
{
    if (rc != TMG_OK)
        tmg_call_fail(c, err);
    else
        tmg_call_write(c, log_queue, NULL, ctx);
}

static tmg_queue_part part_of(tmg_span word)
{
    if (tmg_span_is(word, "awake"))
        return TMG_QUEUE_AWAKE;
    if (tmg_span_is(word, "snoozed"))
        return TMG_QUEUE_SNOOZED;
    return tmg_span_is(word, "woke") ? TMG_QUEUE_WOKE : TMG_QUEUE_ALL;
}

void tmg_do_queue_read(tmg_call *c)
{
    queue_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);
    int32_t today = tmg_centre_today(c->site->centre);
    tmg_span lane = tmg_call_query(c, "lane");

    (void)snprintf(c->object, sizeof c->object, "queue");
    if (!tmg_call_query_day(c, "from", today, &ask->query.day_from) ||
        !tmg_call_query_day(c, "to", ask->query.day_from + 1, &ask->query.day_to))
        return;
    ask->post = tmg_call_query(c, "post");
    ask->query.lane = lane.ptr != NULL ? (int)tmg_lane_of(lane) : 0;
    ask->query.only_open = tmg_call_query_bool(c, "open");
    ask->query.part = part_of(tmg_call_query(c, "part"));
    ask->query.most = (size_t)tmg_call_query_i64(c, "most", 50);
    ask->query.skip = (size_t)tmg_call_query_i64(c, "skip", 0);
    tmg_call_offload(c, read_queue, have_queue, ask);
}

void tmg_do_order_list(tmg_call *c)
{
    queue_ask *ask = tmg_alloc(c->req->arena, sizeof *ask);

    (void)snprintf(c->object, sizeof c->object, "orders");
    ask->orders = true;
    ask->post = tmg_call_query(c, "post");
    ask->query = (tmg_queue_query){.day_from = INT32_MIN,
                                   .day_to = INT32_MAX,
                                   .only_state = TMG_SEL_ORDERED,
                                   .most = (size_t)tmg_call_query_i64(c, "most", 50),
                                   .skip = (size_t)tmg_call_query_i64(c, "skip", 0)};
    tmg_call_offload(c, read_queue, have_queue, ask);
}
