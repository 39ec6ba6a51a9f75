/* model/model.h - the nouns of a targeting centre, as plain structs.
 *
 * Words: WCO glossary of customs terms, UN/EDIFACT and NCTS where they name a thing.  A *declaration* is a document
 * lodged for goods; a *consignment* is the goods on their way, identified by the first version of their declaration;
 * an amendment is a new version of the declaration of the same consignment.
 *
 * Units: mass in milligrams, money in minor units of `currency`, rates in basis points, supplementary quantity in
 * thousandths, instants in milliseconds UTC with the written offset beside, positions in 1e-7 degrees, probabilities
 * in parts per billion (ppb).  TMG_NONE stands for "not stated" in every int64 quantity and instant.
 * Texts are borrowed spans: they live as long as the arena or input they were read into; the absent span is
 * "not stated".  Plain data: any thread, no hidden state.
 */
#ifndef TMG_MODEL_MODEL_H
#define TMG_MODEL_MODEL_H

#include "base/text.h"
#include "base/time.h"

#define TMG_NONE INT64_MIN

enum {
    TMG_MAX_ITEMS = 999,     /* goods items of one declaration (NCTS P5: 999 per house consignment) */
    TMG_MAX_EQUIPMENT = 198, /* containers and seals together */
    TMG_MAX_ROUTE = 99,      /* countries of routing */
    TMG_MAX_DOCUMENTS = 99,
    TMG_MAX_TEXT = 512 /* bytes of one free text */
};

/* ---- who ---- */

/* A trader, declarant or carrier.  `code` is what identifies it to customs (registration or tax number, EORI). */
typedef struct tmg_party {
    tmg_span code, name, country, address;
} tmg_party;

/* Roles of a party on a declaration (SAD boxes 2, 8, 14, and the carrier of a manifest). */
typedef enum tmg_party_role {
    TMG_CONSIGNOR,
    TMG_CONSIGNEE,
    TMG_DECLARANT,
    TMG_CARRIER,
    TMG_PARTY_ROLES
} tmg_party_role;

/* A border post. */
typedef struct tmg_post {
    int64_t id;
    tmg_span code, name;
    tmg_span neighbour;     /* ISO 3166 alpha-2 of the country beyond the border */
    int32_t lat_e7, lon_e7; /* WGS 84 */
} tmg_post;

/* ---- what ---- */

typedef struct tmg_item {
    int32_t no;                /* from 1 */
    tmg_span hs;               /* commodity code, 4 to 10 digits, leading zeros kept */
    tmg_span description;
    tmg_span origin;           /* ISO 3166 alpha-2 */
    tmg_span origin_marking;   /* national code: how the origin is marked on the goods */
    int64_t gross_mg, net_mg;
    int64_t packages;
    tmg_span package_kind;     /* UNECE Rec. 21 */
    int64_t quantity_milli;    /* supplementary quantity */
    tmg_span unit;             /* UNECE Rec. 20 */
    int64_t value_minor;       /* statistical or invoice value of the item */
    int64_t tax_rate_bp;
    tmg_span tax_type;         /* national code */
    int64_t taxes_minor;
} tmg_item;

typedef enum tmg_equipment_kind { TMG_CONTAINER = 1, TMG_SEAL = 2 } tmg_equipment_kind;
typedef struct tmg_equipment {
    tmg_equipment_kind kind;
    tmg_span number;
} tmg_equipment;

typedef struct tmg_document {
    tmg_span type, number; /* national document code ("PEN", "LICENCE", "CMR", ...) and its number */
} tmg_document;

typedef enum tmg_regime { TMG_IMPORT = 1, TMG_EXPORT = 2, TMG_TRANSIT = 3 } tmg_regime;

typedef struct tmg_declaration {
    int64_t id;              /* of this version; 0 before it is stored */
    int64_t consignment_id;  /* id of version 1 */
    int32_t version;         /* from 1 */
    tmg_span ref;            /* the declaration's reference (MRN or national number) */
    tmg_instant lodged;
    int64_t expected_ms;     /* expected arrival at the post, or TMG_NONE */
    int64_t known_at_ms;     /* when the centre came to know this version */
    tmg_regime regime;
    tmg_span post;           /* code of the post of entry (customs office at the border) */
    tmg_party party[TMG_PARTY_ROLES];
    tmg_span departure;      /* country of dispatch, ISO 3166 alpha-2 */
    tmg_span destination;    /* country of destination */
    tmg_span transport_mode; /* UNECE Rec. 19, or the national two-digit form */
    tmg_span vehicle, vehicle_country, trailer;
    tmg_span tir_carnet;
    tmg_span process_type, import_type, import_use, payment_type; /* national codes */
    tmg_span currency;       /* ISO 4217; "XXX" where the source does not say */
    int64_t value_minor;     /* of all items; TMG_NONE until summed */
    int64_t gross_mg;        /* of all items */
    int64_t taxes_minor;
    tmg_item *items;
    size_t item_count;
    tmg_equipment *equipment;
    size_t equipment_count;
    tmg_span *route; /* countries of routing, in order */
    size_t route_count;
    tmg_document *documents;
    size_t document_count;
} tmg_declaration;

/* ---- what was found: the control result ---- */

typedef enum tmg_found { TMG_FOUND_UNKNOWN = -1, TMG_FOUND_NO = 0, TMG_FOUND_YES = 1 } tmg_found;

/* The harms that the centre looks for; each has profiles, a probability and a ranking of its own. */
typedef enum tmg_harm {
    TMG_FRAUD,    /* revenue: value, origin, classification, quantity */
    TMG_CRITICAL, /* security and safety: drugs, precursors, weapons, prohibited goods */
    TMG_HARMS
} tmg_harm;

/* Coded outcome of a control (study of the domain §7a). */
typedef enum tmg_outcome {
    TMG_OUTCOME_NONE = 1, /* controlled, nothing found */
    TMG_OUTCOME_DOCUMENT,
    TMG_OUTCOME_VALUE,
    TMG_OUTCOME_ORIGIN,
    TMG_OUTCOME_CLASSIFICATION,
    TMG_OUTCOME_QUANTITY,
    TMG_OUTCOME_PROHIBITED,
    TMG_OUTCOME_DRUGS,
    TMG_OUTCOME_PRECURSOR,
    TMG_OUTCOME_OTHER /* needs a note */
} tmg_outcome;

/* Means used, as bits. */
enum {
    TMG_MEANS_DOCUMENTS = 1,
    TMG_MEANS_XRAY = 2,
    TMG_MEANS_DOG = 4,
    TMG_MEANS_DENSITY = 8,
    TMG_MEANS_SCALE = 16,
    TMG_MEANS_UNLOADING = 32,
    TMG_MEANS_ALL = 63
};

typedef struct tmg_seized {
    tmg_span substance; /* "heroin", "acetic anhydride", ... */
    int64_t mass_mg;    /* TMG_NONE when only counted */
    int64_t count;      /* pieces, or TMG_NONE */
} tmg_seized;

typedef struct tmg_result {
    int64_t id, consignment_id, declaration_id;
    int64_t replaces; /* the consignment's result before, whose place this one takes; 0: it is the first */
    int64_t happened_ms, known_at_ms;
    tmg_outcome outcome;
    tmg_found found[TMG_HARMS]; /* derived from outcome unless the source labels it itself */
    unsigned means;
    int64_t minutes;         /* officer minutes, or TMG_NONE */
    int64_t recovered_minor; /* revenue recovered, or TMG_NONE */
    tmg_span note;
    tmg_seized *seized;
    size_t seized_count;
} tmg_result;

/* ---- what the centre thinks and does ---- */

/* Lanes with the meanings of Azerbaijan's Decree 920 of 21 May 2016. */
typedef enum tmg_lane {
    TMG_LANE_GREEN = 1, /* release without physical examination */
    TMG_LANE_BLUE = 2,  /* passes the post; control after release */
    TMG_LANE_YELLOW = 3, /* documents, certificates and permits are checked */
    TMG_LANE_RED = 4    /* full control including examination */
} tmg_lane;

/* Why a consignment was selected for its lane. */
typedef enum tmg_selected_by {
    TMG_BY_NONE = 1,  /* not selected: released to green */
    TMG_BY_MANDATORY, /* a legal or standing instruction */
    TMG_BY_PROFILE,   /* expected value under the post's capacity */
    TMG_BY_RANDOM,    /* the verifiable random share */
    TMG_BY_OFFICER,   /* a person's own choice */
    TMG_BY_RULE,      /* a live rule that names a lane */
    TMG_BY_EXPLORATION /* drawn more often because little is known about its like */
} tmg_selected_by;

typedef enum tmg_action {
    TMG_ACT_RELEASE = 1,
    TMG_ACT_INSPECT,
    TMG_ACT_WAIT,
    TMG_ACT_ESCALATE,
    TMG_ACT_WITHDRAW /* takes back the same account's last decision */
} tmg_action;

/* A decision of a person about a consignment. */
typedef struct tmg_decision {
    int64_t id, consignment_id, declaration_id;
    int64_t at_ms;
    tmg_action action;
    unsigned means; /* ordered means, for TMG_ACT_INSPECT */
    tmg_span reason;
    int64_t account_id;
    int64_t until_ms;   /* TMG_ACT_WAIT: when it comes back to the queue by itself; 0 never */
    unsigned looked_at; /* evidence that lay open: TMG_LOOKED_... */
} tmg_decision;

/* Evidence beside a declaration, as bits. */
enum {
    TMG_LOOKED_HISTORY = 1,
    TMG_LOOKED_MAP = 2,
    TMG_LOOKED_DOCUMENTS = 4,
    TMG_LOOKED_XRAY = 8,
    TMG_LOOKED_LINKS = 16,
    TMG_LOOKED_VIDEO = 32,
    TMG_LOOKED_ALL = 63
};

/* The record in which every sense of the centre ends (design: "one idea holds it together"). */
typedef struct tmg_signal {
    int64_t id, consignment_id;
    tmg_span sense;       /* "profile", "rule", "track", "scan", ... */
    tmg_span kind;        /* "track.seal_opened" */
    int64_t weight_mdB;   /* weight of evidence: 1000 * 10*log10 of the likelihood ratio; may be negative */
    int64_t happened_ms, known_at_ms;
    tmg_span evidence;    /* hex SHA-256 of an evidence file, or absent */
    tmg_span words;       /* what an officer reads */
} tmg_signal;

/* ---- names of the codes, as used in files, API and screens ---- */

const char *tmg_party_role_name(tmg_party_role r); /* "consignor" ... */
const char *tmg_regime_name(tmg_regime r);         /* "import" ... */
const char *tmg_harm_name(tmg_harm h);             /* "fraud", "critical" */
const char *tmg_outcome_name(tmg_outcome o);       /* "none", "document", ... */
const char *tmg_lane_name(tmg_lane l);             /* "green" ... */
const char *tmg_selected_by_name(tmg_selected_by s); /* "none", "mandatory", "profile", "random", "officer",
                                                        "rule", "exploration" */
const char *tmg_action_name(tmg_action a);         /* "release", "inspect", "wait", "escalate", "withdraw" */
/* The reverse; 0 (TMG_HARMS for a harm) when the word is not one of them. */
tmg_regime tmg_regime_of(tmg_span word);
tmg_outcome tmg_outcome_of(tmg_span word);
tmg_lane tmg_lane_of(tmg_span word);
tmg_action tmg_action_of(tmg_span word);
/* One means by its word ("documents", "xray", "dog", "density", "scale", "unloading"); 0 when unknown. */
unsigned tmg_means_of(tmg_span word);
/* The word of one bit. */
const char *tmg_means_name(unsigned bit);
/* The same for evidence: "history", "map", "documents", "xray", "links", "video". */
unsigned tmg_looked_of(tmg_span word);
const char *tmg_looked_name(unsigned bit);

/* What an outcome says about each harm: VALUE is fraud, DRUGS is critical, NONE is neither.
 * Critical outcomes count as fraud too (what is hidden is also misdeclared), as in the public labelled data. */
void tmg_outcome_found(tmg_outcome o, tmg_found ret_found[TMG_HARMS]);

/* Sums item values, masses and taxes into the header fields that are TMG_NONE. */
void tmg_declaration_sum(tmg_declaration *d);

/* Hash of what the declaration states (every stated field and item; not id, version or known_at), for telling
 * the same declaration from an amendment.  The first 16 bytes are stored. */
void tmg_declaration_digest(const tmg_declaration *d, uint8_t ret_digest[16]);

/* The declaration as a JSON object in the project's own format (docs/formats.md). */
struct tmg_json_out;
void tmg_declaration_write_json(struct tmg_json_out *j, const char *key, const tmg_declaration *d);
void tmg_result_write_json(struct tmg_json_out *j, const char *key, const tmg_result *r);

#endif
