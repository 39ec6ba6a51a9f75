#include "base/file.h"
#include "base/json.h"
#include "sim/sim_priv.h"

/* Codes are invented in the pattern AZ + 6 alphanumerics.  Places are towns or crossings rounded to what the
 * public gazetteers give. */
static const sim_post posts[SIM_POSTS] = {
    [SIM_ASTARA] = {"AZAST001", "Astara", "IR", 384559800, 488749800, 830, 125},
    [SIM_BILASUVAR] = {"AZBIL001", "Biləsuvar", "IR", 393800000, 483400000, 290, 60},
    [SIM_JULFA] = {"AZCUL001", "Culfa", "IR", 389539700, 456296100, 110, 60},
    [SIM_SHAKHTAKHTI] = {"AZSHT001", "Şahtaxtı", "IR", 393600000, 450700000, 40, 80},
    [SIM_SADARAK] = {"AZSED001", "Sədərək", "TR", 397142700, 448845500, 110, 80},
    [SIM_RED_BRIDGE] = {"AZQRK001", "Qırmızı Körpü", "GE", 413300000, 450700000, 1450, 110},
    [SIM_MAZIMGARA] = {"AZMAZ001", "Mazımqara", "GE", 417700000, 463400000, 200, 25},
    [SIM_BOYUK_KESIK] = {"AZBKS001", "Böyük Kəsik dəmir yolu", "GE", 414200000, 451500000, 140, 90},
    [SIM_SAMUR] = {"AZSAM001", "Samur", "RU", 416367100, 484302800, 870, 100},
    [SIM_KHANOBA] = {"AZXAN001", "Xanoba", "RU", 417200000, 485600000, 190, 60},
    [SIM_SHIRVANLI] = {"AZSHI001", "Şirvanlı", "RU", 416900000, 485100000, 50, 60},
    [SIM_ALAT] = {"AZELT001", "Ələt dəniz limanı", NULL, 399800000, 494400000, 500, 100},
    [SIM_AIRPORT] = {"AZHAV001", "Heydər Əliyev hava limanı", NULL, 404700000, 500500000, 260, 120},
    [SIM_GUBADLI] = {"AZQBD001", "Qubadlı", NULL, 393444100, 465818300, 15, 60},
};

typedef struct point {
    int32_t lat_e7, lon_e7;
} point;

enum { POINTS = 9 };

/* Schematic: the towns that a road passes, not the road itself. */
static const struct {
    const char *name;
    point points[POINTS]; /* ended by {0, 0} */
} corridors[] = {
    {"Astara - Bakı",
     {{384559800, 488749800},
      {387540000, 488510000},
      {392000000, 489000000},
      {396000000, 490500000},
      {399800000, 494400000},
      {403950000, 498820000}}},
    {"Bakı - Qırmızı Körpü",
     {{403950000, 498820000},
      {401100000, 493700000},
      {400200000, 484800000},
      {403600000, 481500000},
      {406100000, 471500000},
      {406800000, 463600000},
      {409900000, 458200000},
      {413300000, 450700000}}},
    {"Biləsuvar - Ələt",
     {{393800000, 483400000}, {394580000, 485450000}, {397700000, 489200000}, {399800000, 494400000}}},
    {"Samur - Bakı",
     {{416367100, 484302800},
      {413600000, 485100000},
      {412000000, 487800000},
      {410900000, 491000000},
      {405900000, 496700000},
      {403950000, 498820000}}},
    {"Xanoba - Xaçmaz",
     {{417200000, 485600000}, {416305200, 486816100}, {414600000, 488000000}, {412000000, 487800000}}},
    {"Culfa - Naxçıvan - Sədərək",
     {{389539700, 456296100},
      {392089000, 454120000},
      {393600000, 450700000},
      {395450000, 449950000},
      {397142700, 448845500}}},
    {"Balakən - Gəncə",
     {{417700000, 463400000},
      {417262600, 464047800},
      {416300000, 466400000},
      {411900000, 471700000},
      {406100000, 471500000},
      {406800000, 463600000}}},
    {"Ağbənd - Qubadlı - Horadiz",
     {{390302300, 467232900},
      {393444100, 465818300},
      {393000000, 470000000},
      {394501500, 473349400},
      {398709500, 480599500}}},
    {"Ələt - Xəzər bərəsi", {{399800000, 494400000}, {399000000, 505000000}, {400200000, 529700000}}},
};

const sim_post *sim_post_at(sim_post_no no)
{
    return &posts[no];
}

/* A tenth of the volume for full control, a little more for documents; a small post has a few places too, or the
 * random share would use them up. */
static int64_t share_of(int64_t daily, int64_t per_mille, int64_t most_of_a_small_one)
{
    int64_t n = daily * per_mille / 1000, few = 2 + daily / 8;
    int64_t least = few < most_of_a_small_one ? few : most_of_a_small_one;
    return n > least ? n : least;
}

static void write_post(tmg_json_out *j, const sim_post *p, int64_t scale_ppm)
{
    int64_t daily = p->volume * scale_ppm / 1000000;
    tmg_json_object(j, NULL);
    tmg_json_z(j, "code", p->code);
    tmg_json_z(j, "name", p->name);
    if (p->neighbour != NULL)
        tmg_json_z(j, "neighbour", p->neighbour);
    tmg_json_i64(j, "lat_e7", p->lat_e7);
    tmg_json_i64(j, "lon_e7", p->lon_e7);
    tmg_json_i64(j, "red", share_of(daily, 100, 4));
    tmg_json_i64(j, "yellow", share_of(daily, 140, 5));
    tmg_json_i64(j, "blue", share_of(daily, 100, 4));
    tmg_json_i64(j, "random_ppm", 20000);
    tmg_json_end_object(j);
}

static tmg_rc write_file(const char *folder, const char *name, tmg_buf *b, tmg_err *err)
{
    TMG_AUTO_ARENA a = tmg_arena_new(1 << 16);
    tmg_buf_char(b, '\n');
    return tmg_file_write(tmg_path_join(a, folder, name), tmg_buf_as_span(b), 0644, err);
}

tmg_rc sim_posts_write(const char *folder, int64_t scale_ppm, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    tmg_buf_init(&b, 1 << 20);
    tmg_json_begin(&j, &b);
    tmg_json_array(&j, NULL);
    for (int i = 0; i < SIM_POSTS; i++)
        write_post(&j, &posts[i], scale_ppm);
    tmg_json_end_array(&j);
    return write_file(folder, "posts.json", &b, err);
}

tmg_rc sim_corridors_write(const char *folder, tmg_err *err)
{
    TMG_AUTO_BUF b = {0};
    tmg_json_out j;
    tmg_buf_init(&b, 1 << 20);
    tmg_json_begin(&j, &b);
    tmg_json_array(&j, NULL);
    for (size_t i = 0; i < sizeof corridors / sizeof corridors[0]; i++) {
        tmg_json_object(&j, NULL);
        tmg_json_z(&j, "name", corridors[i].name);
        tmg_json_array(&j, "points");
        for (const point *p = corridors[i].points; p < corridors[i].points + POINTS && p->lat_e7 != 0; p++) {
            tmg_json_array(&j, NULL);
            tmg_json_i64(&j, NULL, p->lat_e7);
            tmg_json_i64(&j, NULL, p->lon_e7);
            tmg_json_end_array(&j);
        }
        tmg_json_end_array(&j);
        tmg_json_end_object(&j);
    }
    tmg_json_end_array(&j);
    return write_file(folder, "corridors.json", &b, err);
}
