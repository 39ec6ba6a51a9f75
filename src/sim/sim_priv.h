/* sim/sim_priv.h - what the files of the demonstration world share.
 *
 * Everything that lives in the world (a trader, a truck, a price level) is a pure function of the seed and an
 * index, so that nothing has to be kept: the same index gives the same thing whenever it is asked for.
 */
#ifndef TMG_SIM_SIM_PRIV_H
#define TMG_SIM_SIM_PRIV_H

#include "model/model.h"
#include "sim/sim.h"

/* ---- random numbers (rng.c) ----
 * C leaves open in which order the arguments of a call and the operands of an operator are evaluated: two
 * draws from one stream never stand in one expression, or compilers would give different worlds. */

typedef struct sim_rng {
    uint64_t state;
} sim_rng;

/* Names of independent streams. */
enum {
    SIM_S_DAY = 1,
    SIM_S_DECLARATION,
    SIM_S_TRADER,
    SIM_S_NAME,
    SIM_S_ADDRESS,
    SIM_S_FLEET,
    SIM_S_CONTROL,
    SIM_S_SCHEME,
    SIM_S_REF,
    SIM_S_CODE,
    SIM_S_MOOD
};

uint64_t sim_mix(uint64_t x); /* bijective */
sim_rng sim_rng_of(uint64_t seed, uint64_t stream, uint64_t index);
uint64_t sim_next(sim_rng *r);
int64_t sim_between(sim_rng *r, int64_t lo, int64_t hi); /* both included */
size_t sim_below(sim_rng *r, size_t n);                  /* n below 2^32 */
size_t sim_skewed(sim_rng *r,
                  size_t n); /* small indexes more often: density falls with the root of the index */
bool sim_chance(sim_rng *r, int64_t ppm);
int64_t sim_around(sim_rng *r, int64_t middle, int64_t spread_pct); /* bell-shaped within the spread */

/* ---- numbers and plates (numbers.c) ---- */

enum { SIM_NUMBER = 32 };

/* '9' a digit, 'A' a letter, '@' a letter that Cyrillic and Latin plates share, '~' either a letter or a
 * digit;
 * '\\' in front takes the next byte as it is; anything else stands for itself. */
void sim_pattern(char ret[SIM_NUMBER], const char *pattern, sim_rng *r);
void sim_plate(char ret[SIM_NUMBER], const char *country, sim_rng *r);
void sim_container(char ret[SIM_NUMBER], sim_rng *r); /* ISO 6346, check digit right */
void sim_reference(char ret[SIM_NUMBER], uint64_t seed, uint64_t serial, int year); /* unique in serial */

/* ---- places (places.c) ---- */

typedef enum sim_post_no {
    SIM_ASTARA,
    SIM_BILASUVAR,
    SIM_JULFA,
    SIM_SHAKHTAKHTI,
    SIM_SADARAK,
    SIM_RED_BRIDGE,
    SIM_MAZIMGARA,
    SIM_BOYUK_KESIK,
    SIM_SAMUR,
    SIM_KHANOBA,
    SIM_SHIRVANLI,
    SIM_ALAT,
    SIM_AIRPORT,
    SIM_GUBADLI,
    SIM_POSTS
} sim_post_no;

typedef struct sim_post {
    const char *code, *name, *neighbour;
    int32_t lat_e7, lon_e7;
    int64_t volume;      /* declarations of an average day at full scale, for its capacity */
    int64_t control_pct; /* how eagerly the post controlled in the history: 100 is average */
} sim_post;

const sim_post *sim_post_at(sim_post_no no);
tmg_rc sim_posts_write(const char *folder, int64_t scale_ppm, tmg_err *err);
tmg_rc sim_corridors_write(const char *folder, tmg_err *err);

/* ---- goods (goods.c) and flows (flows.c) ---- */

enum {
    SIM_G_FRESH = 1 << 0,
    SIM_G_DRIED = 1 << 1,
    SIM_G_BUILDING = 1 << 2,
    SIM_G_PLASTIC = 1 << 3,
    SIM_G_FOOD = 1 << 4,
    SIM_G_TEXTILE = 1 << 5,
    SIM_G_HOME = 1 << 6,
    SIM_G_MACHINE = 1 << 7,
    SIM_G_CAR = 1 << 8,
    SIM_G_PHARMA = 1 << 9,
    SIM_G_ELECTRONIC = 1 << 10,
    SIM_G_GRAIN = 1 << 11,
    SIM_G_METAL = 1 << 12,
    SIM_G_TIMBER = 1 << 13,
    SIM_G_EXPORT = 1 << 14,
    SIM_G_CHEMICAL = 1 << 15,
    SIM_G_TOBACCO = 1 << 16,
    SIM_G_FIBRE = 1 << 17,
    SIM_G_PLOUGH = 1 << 18
};

typedef struct sim_goods {
    unsigned groups;
    const char *hs, *description;
    int64_t price;     /* qepik a kilogram, the usual level */
    int64_t package_g; /* net mass of a package */
    const char *package;
    const char *unit; /* UNECE Rec. 20 */
    int64_t unit_g;   /* net mass of a unit; 0 for kilograms */
    int64_t duty_bp;
    int64_t fraud_ppm;        /* how often such goods are misdeclared by an average trader */
    tmg_outcome fraud;        /* and how, mostly */
    const char *permit;       /* document that the goods need, or NULL */
    int month_from, month_to; /* season; 0 for all year */
} sim_goods;

size_t sim_goods_count(void);
const sim_goods *sim_goods_at(size_t i);
const sim_goods *sim_goods_by_hs(const char *hs);
bool sim_in_season(const sim_goods *g, int month);

typedef struct sim_share {
    const char *code;
    int weight;
} sim_share;

enum { SIM_SHARES = 8, SIM_VIAS = 3 };

typedef struct sim_flow {
    const char *name;
    int weight; /* share of all declarations, in thousandths */
    tmg_regime regime;
    char mode; /* UNECE Rec. 19 */
    unsigned groups;
    sim_share from[SIM_SHARES], to[SIM_SHARES], carriers[SIM_SHARES];
    struct {
        sim_post_no no;
        int weight;
    } posts[4];
    const char *before[SIM_VIAS], *after[SIM_VIAS]; /* countries of routing before and after Azerbaijan */
    int lead_from_h, lead_to_h;                     /* from lodging to expected arrival */
    int64_t load_from_kg, load_to_kg;
    bool container;
} sim_flow;

typedef enum sim_flow_no {
    SIM_IR_IMPORT,
    SIM_IR_RU,
    SIM_IR_WEST,
    SIM_IR_KZ,
    SIM_TR_IMPORT,
    SIM_TR_EAST,
    SIM_TR_NAKHCHIVAN,
    SIM_GE_IMPORT,
    SIM_EU_IMPORT,
    SIM_RU_IMPORT,
    SIM_RU_IR,
    SIM_RU_TR,
    SIM_KZ_IMPORT,
    SIM_ASIA_WEST,
    SIM_CN_CASPIAN,
    SIM_CN_BLACK_SEA,
    SIM_AIR_IMPORT,
    SIM_EXPORT_RU,
    SIM_EXPORT_WEST,
    SIM_EXPORT_IR,
    SIM_EXPORT_KZ,
    SIM_CHEM_IMPORT,
    SIM_CHEM_EAST,
    SIM_GUBADLI_TRANSIT,
    SIM_FLOWS
} sim_flow_no;

const sim_flow *sim_flow_at(sim_flow_no no);
sim_flow_no sim_flow_draw(sim_rng *r, int weekday);
const char *sim_share_draw(const sim_share *s, sim_rng *r);

/* ---- who (names.c) ---- */

/* Numbers of invented parties: each kind has its own range, so that no two share a code. */
enum {
    SIM_ID_TRADER = 0,
    SIM_ID_PARTNER = 1000000,
    SIM_ID_BROKER = 3000000,
    SIM_ID_CARRIER = 4000000,
    SIM_ID_PLANTED = 6000000,
    SIM_ID_OCCASIONAL = 7000000 /* up to 10,000,000: the codes of Azerbaijan have seven free digits */
};

typedef struct sim_who {
    const char *country;
    uint32_t id;      /* gives the code */
    uint32_t name;    /* gives the name; the same as id except for a successor */
    uint32_t address; /* the same as id except for shared addresses */
    bool successor;   /* the name carries an addition */
} sim_who;

sim_who sim_who_of(const char *country, uint32_t id);
tmg_party sim_party(uint64_t seed, const sim_who *w, tmg_arena *a);

/* ---- one declaration before it is written (draft.c, fill.c) ---- */

enum { SIM_LOADS = 5 };

typedef struct sim_load {
    const sim_goods *goods; /* what is declared */
    int64_t price;          /* qepik a kilogram before the level */
    int64_t net_g;
    int64_t declared_net_pct; /* 100, less when quantity is hidden */
    int64_t extra_gross_g;    /* mass that the goods do not explain */
    const char *origin;
} sim_load;

typedef struct sim_scheme sim_scheme;

typedef struct sim_draft {
    const sim_flow *flow;
    sim_post_no post;
    const char *from, *to;
    sim_who who[TMG_PARTY_ROLES];
    uint32_t truck; /* index in the carrier's fleet */
    sim_load loads[SIM_LOADS];
    size_t load_count;
    int64_t honesty_pct; /* of the trader: how often it misdeclares, 100 is average */
    int64_t level_ppm;   /* declared value against the usual price */
    bool permit_missing;
    int64_t expected_ms, lodged_ms;
    char ref[SIM_NUMBER];
    tmg_outcome truth; /* what a perfect control would find */
    const char *substance;
    int64_t mass_mg;
    const char *note;  /* what officers would write; NULL: a usual sentence for the outcome */
    bool must_control; /* the planted history wants it controlled */
    sim_rng rng;
} sim_draft;

typedef struct sim_world {
    tmg_sim_options o;
    int32_t first_day, end_day; /* of expected arrival; the end is not included */
    int32_t open_day;           /* from which the centre chooses: today when no day is lived */
    int64_t now_ms;
    int64_t told_ms; /* what was known later is not in the file */
    uint32_t traders[SIM_FLOWS], trader_base[SIM_FLOWS];
    uint32_t carriers, brokers; /* per country, per post */
    int32_t day;                /* being made */
    int year, month, weekday;   /* weekday 0 is Sunday */
    uint64_t serial;
} sim_world;

void sim_world_init(sim_world *w, const tmg_sim_options *o);
void sim_world_day(sim_world *w, int32_t day);
int64_t sim_world_volume(const sim_world *w); /* declarations expected on the day, before schemes */

/* An ordinary and honest declaration of the flow, arriving on the world's day. */
void sim_draft_make(const sim_world *w, sim_flow_no flow, sim_rng rng, sim_draft *ret);
/* Draws an ordinary misdeclaration by goods, departure and the trader's honesty, and makes the draft show it.
 */
void sim_draft_temptation(const sim_world *w, sim_draft *d);
/* What schemes change in a draft: the post with a broker who works there; one load of the goods instead of
 * all. */
void sim_draft_post(const sim_world *w, sim_draft *d, sim_post_no post);
void sim_draft_goods(sim_draft *d, const char *hs, int64_t net_g);
/* Moves the lodging before the centre's now; false when the centre does not know of it yet. */
bool sim_draft_known(const sim_world *w, sim_draft *d);
void sim_draft_fill(const sim_world *w, sim_draft *d, tmg_arena *a, tmg_declaration *ret);

/* ---- what officers did in the history (control.c) ---- */

/* False when it was not controlled, or when the result is not known when the file ends. */
bool sim_control(const sim_world *w, const sim_draft *d, const tmg_declaration *decl, tmg_arena *a,
                 tmg_result *ret);

/* What a full control on a lived day would find; false when it would find nothing. */
bool sim_finding(const sim_draft *d, const tmg_declaration *decl, tmg_arena *a, tmg_result *ret);

/* ---- planted schemes (schemes.c, scheme_*.c, truth.c) ---- */

enum { SIM_MEMBERS = 40 };

typedef struct sim_member {
    const char *role;
    sim_who who;
} sim_member;

typedef struct sim_event {
    sim_scheme *scheme;
    int32_t day;
    int no; /* within the scheme, in order of time */
    bool ahead;
    bool seized; /* the history wants it found */
    char ref[SIM_NUMBER];
    const char *post;
    int64_t expected_ms;
    tmg_outcome truth;
    const char *substance;
    int64_t mass_mg;
    bool controlled, found;
} sim_event;

typedef struct sim_kind {
    const char *name;
    tmg_harm harm;
    const char *words;
    int per_day_ahead;
    /* Plans the days of the history and the members. */
    void (*plan)(const sim_world *w, sim_scheme *s, sim_rng *r);
    /* Makes one event's declaration. */
    void (*draft)(const sim_world *w, const sim_scheme *s, const sim_event *e, sim_rng rng, sim_draft *ret);
} sim_kind;

struct sim_scheme {
    const sim_kind *kind;
    int copy;         /* several of a kind at large scales */
    uint32_t base_id; /* of its planted parties */
    int32_t turn_day; /* the day on which it changed its ways; 0 when it never does */
    sim_member members[SIM_MEMBERS];
    size_t member_count;
    sim_event *events;
    size_t event_count, event_room;
};

extern const sim_kind sim_ring, sim_first_time, sim_phoenix, sim_route_change, sim_shopping, sim_cover_load,
    sim_precursor;

typedef struct sim_plot {
    sim_scheme *schemes;
    size_t count;
    sim_event **by_day; /* all events in order of day */
    size_t event_count;
} sim_plot;

void sim_plot_make(const sim_world *w, sim_plot *ret);
void sim_plot_done(sim_plot *p);
/* The declaration of an event; always known to the centre by its now. */
void sim_event_draft(const sim_world *w, sim_event *e, sim_draft *ret);

/* For the kinds.  A day of the history: 0 is its first, 1000 the eve of the demonstration day. */
int32_t sim_history_day(const sim_world *w, int64_t permille);
/* Seizures of the last days are left out: their results would not be known yet. */
void sim_event_add(const sim_world *w, sim_scheme *s, int32_t day, bool seized);
void sim_member_add(sim_scheme *s, const char *role, sim_who who);
const sim_who *sim_member_at(const sim_scheme *s, const char *role, size_t i); /* i wraps round */
/* Puts drugs into the draft. */
void sim_conceal(sim_draft *d, const char *substance, int64_t mass_mg, const char *note);

/* A bad declaration of the days ahead, planted or not. */
typedef struct sim_bad {
    char ref[SIM_NUMBER];
    tmg_outcome truth;
    const sim_scheme *scheme;
} sim_bad;

tmg_rc sim_truth_write(const char *folder, const sim_world *w, const sim_plot *p, const sim_bad *bad,
                       size_t bad_count, const tmg_sim_summary *sum, tmg_err *err);

/* ---- lines in order of lodging (lines.c) ---- */

typedef struct sim_lines sim_lines;

tmg_rc sim_lines_open(const char *folder, const char *name, sim_lines **ret, tmg_err *err);
tmg_rc sim_lines_add(sim_lines *l, int32_t day, int64_t lodged_ms, tmg_span line, tmg_err *err);
tmg_rc sim_lines_before(sim_lines *l, int32_t day,
                        tmg_err *err);              /* writes the days before: they are complete */
tmg_rc sim_lines_close(sim_lines *l, tmg_err *err); /* writes the rest, puts the file in place */
void sim_lines_free(sim_lines *l);                  /* gives up what was not closed; NULL is accepted */

#endif
