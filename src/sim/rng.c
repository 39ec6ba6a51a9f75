#include "sim/sim_priv.h"

/* SplitMix64 (Steele, Lea, Flood 2014): one 64-bit state, so that a stream per entity costs nothing. */
static const uint64_t golden = 0x9e3779b97f4a7c15u;

uint64_t sim_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

sim_rng sim_rng_of(uint64_t seed, uint64_t stream, uint64_t index)
{
    uint64_t s = sim_mix(seed + golden);
    s = sim_mix(s ^ (stream * golden));
    return (sim_rng){sim_mix(s + index * golden)};
}

uint64_t sim_next(sim_rng *r)
{
    r->state += golden;
    return sim_mix(r->state);
}

size_t sim_below(sim_rng *r, size_t n)
{
    return (size_t)(((sim_next(r) >> 32) * n) >> 32);
}

int64_t sim_between(sim_rng *r, int64_t lo, int64_t hi)
{
    return lo + (int64_t)sim_below(r, (size_t)(hi - lo + 1));
}

size_t sim_skewed(sim_rng *r, size_t n)
{
    uint64_t u = sim_next(r) >> 32;
    uint64_t squared = (u * u) >> 32;
    return (size_t)((squared * n) >> 32);
}

bool sim_chance(sim_rng *r, int64_t ppm)
{
    return (int64_t)sim_below(r, 1000000) < ppm;
}

int64_t sim_around(sim_rng *r, int64_t middle, int64_t spread_pct)
{
    int64_t sum = 0;
    for (int i = 0; i < 3; i++)
        sum += sim_between(r, -1000, 1000);
    return middle + middle * spread_pct * sum / 300000;
}
