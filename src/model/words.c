#include "model/model.h"

static const char *const party_roles[] = {"consignor", "consignee", "declarant", "carrier"};
static const char *const regimes[] = {NULL, "import", "export", "transit"};
static const char *const harms[] = {"fraud", "critical"};
static const char *const outcomes[] = {NULL,     "none",           "document", "value",
                                       "origin", "classification", "quantity", "prohibited",
                                       "drugs",  "precursor",      "other"};
static const char *const lanes[] = {NULL, "green", "blue", "yellow", "red"};
static const char *const selections[] = {NULL,     "none",    "mandatory", "profile",
                                         "random", "officer", "rule",      "exploration"};
static const char *const actions[] = {NULL, "release", "inspect", "wait", "escalate", "withdraw"};
static const char *const means[] = {"documents", "xray", "dog", "density", "scale", "unloading"};
static const char *const looked[] = {"history", "map", "documents", "xray", "links", "video"};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

/* A code outside its table can only come from a damaged database; screens still need a word for it. */
static const char *name_at(const char *const *table, size_t count, unsigned at)
{
    return at < count && table[at] != NULL ? table[at] : "unknown";
}

static unsigned place_of(const char *const *table, size_t count, tmg_span word, unsigned otherwise)
{
    for (unsigned i = 0; i < count; i++)
        if (table[i] != NULL && tmg_span_is(word, table[i]))
            return i;
    return otherwise;
}

const char *tmg_party_role_name(tmg_party_role r)
{
    return name_at(party_roles, COUNT(party_roles), r);
}

const char *tmg_regime_name(tmg_regime r)
{
    return name_at(regimes, COUNT(regimes), r);
}

const char *tmg_harm_name(tmg_harm h)
{
    return name_at(harms, COUNT(harms), h);
}

const char *tmg_outcome_name(tmg_outcome o)
{
    return name_at(outcomes, COUNT(outcomes), o);
}

const char *tmg_lane_name(tmg_lane l)
{
    return name_at(lanes, COUNT(lanes), l);
}

const char *tmg_selected_by_name(tmg_selected_by s)
{
    return name_at(selections, COUNT(selections), s);
}

const char *tmg_action_name(tmg_action a)
{
    return name_at(actions, COUNT(actions), a);
}

tmg_regime tmg_regime_of(tmg_span word)
{
    return (tmg_regime)place_of(regimes, COUNT(regimes), word, 0);
}

tmg_outcome tmg_outcome_of(tmg_span word)
{
    return (tmg_outcome)place_of(outcomes, COUNT(outcomes), word, 0);
}

tmg_lane tmg_lane_of(tmg_span word)
{
    return (tmg_lane)place_of(lanes, COUNT(lanes), word, 0);
}

tmg_action tmg_action_of(tmg_span word)
{
    return (tmg_action)place_of(actions, COUNT(actions), word, 0);
}

static unsigned bit_of(const char *const *table, size_t count, tmg_span word)
{
    unsigned place = place_of(table, count, word, (unsigned)count);
    return place < count ? 1U << place : 0;
}

static const char *bit_name(const char *const *table, size_t count, unsigned bit)
{
    for (unsigned i = 0; i < count; i++)
        if (bit == 1U << i)
            return table[i];
    return "unknown";
}

unsigned tmg_means_of(tmg_span word)
{
    return bit_of(means, COUNT(means), word);
}

const char *tmg_means_name(unsigned bit)
{
    return bit_name(means, COUNT(means), bit);
}

unsigned tmg_looked_of(tmg_span word)
{
    return bit_of(looked, COUNT(looked), word);
}

const char *tmg_looked_name(unsigned bit)
{
    return bit_name(looked, COUNT(looked), bit);
}
