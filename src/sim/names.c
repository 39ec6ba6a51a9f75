#include "sim/sim_priv.h"

/* How a country writes the names and addresses of its companies.  Names are put together from syllables, so
 * that they sound right and belong to nobody.  In the forms '#' is the name, '%' the trade, '$' the town, '&'
 * the street and '9' a digit. */
enum { PARTS = 12, TRADES = 8, TOWNS = 6, STREETS = 6 };

typedef struct tongue {
    const char *country;
    const char *form, *person_form; /* person_form NULL: no sole traders */
    const char *address_form;
    const char *code_form; /* '#' is the number, with its digits below */
    int code_digits;
    const char *addition; /* what a successor company adds to its name */
    const char *first[PARTS], *middle[PARTS], *last[PARTS];
    const char *trades[TRADES];
    const char *towns[TOWNS], *streets[STREETS];
} tongue;

static const tongue tongues[] = {
    {"AZ",
     "# % MMC",
     "F/ş #lı #",
     "$, & küç. 99",
     "00#1",
     7,
     " Plus",
     {"Zər", "Nar", "Şəf", "Qar", "Lal", "Tər", "Gün", "Mər", "Düz", "Xəz", "Çin", "Böyür"},
     {"a", "ən", "ıl", "do", "mi", "çə", "ur", "iş", "yə", "bo", "la", "rə"},
     {"dəm", "taz", "rik", "van", "şan", "lıq", "bel", "göz", "mun", "tək", "yaz", "cək"},
     {"Ticarət", "İdxal", "Logistika", "Tekstil", "Aqro", "Elektronika", "Tikinti", "Təchizat"},
     {"Bakı", "Sumqayıt", "Gəncə", "Mingəçevir", "Lənkəran", "Naxçıvan"},
     {"Nar bağı", "Çinar", "Sahil yolu", "Dəmirçi", "Zeytun", "Köhnə bazar"}},
    {"IR",
     "شرکت % #",
     NULL,
     "$، خیابان & 99",
     "IR#",
     11,
     " نو",
     {"آر", "تیر", "سپه", "نیل", "روژ", "شب", "کاو", "دری", "پار", "گل", "هیر", "زر"},
     {"ا", "ی", "و", "ما", "را", "نا", "دا", "شا", "بی", "لا", "تو", "می"},
     {"گون", "وند", "سام", "تاب", "ران", "دیس", "بان", "کوه", "فام", "نوش", "رود", "مان"},
     {"بازرگانی", "ترابری", "صنایع غذایی", "کشاورزی", "پلاستیک", "کاشی", "خشکبار", "صادراتی"},
     {"تهران", "تبریز", "اردبیل", "رشت", "مشهد", "ارومیه"},
     {"بهار", "انار", "دریا", "کوهستان", "بازار", "باغ"}},
    {"TR",
     "# % San. ve Tic. Ltd. Şti.",
     NULL,
     "& Cad. No: 99, $",
     "TR#",
     10,
     " Yeni",
     {"Çam", "Dör", "Kuz", "Ney", "Sül", "Yel", "Pır", "Vaz", "Göğ", "Tür", "Bey", "Şen"},
     {"a", "me", "ro", "lü", "ta", "nı", "va", "de", "li", "zo", "ku", "re"},
     {"dalı", "nek", "tepe", "zeri", "kaya", "van", "moz", "gör", "tün", "pak", "sır", "bağ"},
     {"Tekstil", "Lojistik", "Gıda", "Makina", "Mobilya", "Nakliyat", "Dış Ticaret", "Yapı"},
     {"İstanbul", "Bursa", "Gaziantep", "Mersin", "Trabzon", "İzmir"},
     {"Çınar", "Liman", "Pamuk", "Demirciler", "Yayla", "Köprü"}},
    {"GE",
     "შპს #%",
     NULL,
     "$, & ქ. 99",
     "GE#",
     9,
     " პლუსი",
     {"არ", "ბერ", "გოლ", "დარ", "ვარ", "თბე", "კოლ", "ლაშ", "მერ", "რიო", "ქვე", "ზემ"},
     {"ა", "ე", "ი", "ო", "უ", "და", "მი", "ნა", "ლო", "ცი", "ბე", "ვი"},
     {"ნი", "ლი", "რი", "სი", "ძო", "ვა", "დე", "ხი", "მო", "ტა", "გე", "ქა"},
     {"ტრანსი", "ლოჯისტიკა", "აგრო", "იმპორტი", "ღვინო", "ავტო", "ტრეიდი", "კარგო"},
     {"თბილისი", "რუსთავი", "ფოთი", "ბათუმი", "ქუთაისი", "გარდაბანი"},
     {"ვაზის", "მთის", "ზღვის", "ბაზრის", "ხიდის", "ჩინარის"}},
    {"RU",
     "ООО «#%»",
     NULL,
     "г. $, ул. &, 99",
     "RU#",
     10,
     " Плюс",
     {"Вол", "Гран", "Дон", "Зар", "Кас", "Лад", "Тер", "Ора", "Сур", "Бел", "Мир", "Юж"},
     {"о", "а", "и", "ел", "ов", "ин", "ар", "ес", "ун", "ир", "ом", "яр"},
     {"виста", "рант", "денц", "лия", "тек", "мир", "росс", "нега", "тон", "вик", "дар", "мет"},
     {"Трейд", "Логистик", "Агро", "Торг", "Импорт", "Транс", "Фрукт", "Сервис"},
     {"Махачкала", "Астрахань", "Дербент", "Москва", "Ростов-на-Дону", "Волгоград"},
     {"Садовая", "Портовая", "Степная", "Заводская", "Рыночная", "Речная"}},
    {"KZ",
     "ТОО «# %»",
     NULL,
     "г. $, ул. &, 99",
     "KZ#",
     12,
     " Плюс",
     {"Сары", "Кара", "Жас", "Алты", "Тау", "Бай", "Кок", "Дала", "Ора", "Жар", "Мун", "Тобы"},
     {"а", "ты", "ма", "ке", "ла", "ре", "на", "ша", "бе", "ку", "да", "ры"},
     {"бел", "кум", "терек", "жол", "дон", "сай", "кент", "тас", "лик", "бас", "гыр", "нур"},
     {"Трейд", "Транс", "Астык", "Карго", "Снаб", "Логистик", "Экспорт", "Импорт"},
     {"Актау", "Алматы", "Шымкент", "Актобе", "Атырау", "Караганда"},
     {"Тауелсиз", "Дала", "Теңіз", "Базар", "Жаңа жол", "Бақша"}},
    {"CN",
     "# % Co., Ltd.",
     NULL,
     "No. 99 & Road, $",
     "CN#",
     12,
     " New",
     {"Ning", "Hua", "Qiao", "Xin", "Long", "Rui", "Jia", "Feng", "Yun", "Tai", "Zhe", "Bao"},
     {"q", "t", "sh", "l", "zh", "y", "m", "x", "g", "d", "w", "n"},
     {"iao", "an", "eng", "uo", "ong", "ai", "ei", "uan", "in", "ou", "ang", "un"},
     {"Electronics", "Trading", "Textile", "Industry", "Plastics", "Technology", "Import and Export",
      "Machinery"},
     {"Shenzhen", "Yiwu", "Guangzhou", "Ningbo", "Urumqi", "Xi'an"},
     {"Lotus", "Harbour", "East Gate", "Market", "Willow", "Lake"}},
    {"DE",
     "#% GmbH",
     NULL,
     "&straße 99, $",
     "DE#",
     9,
     " Neu",
     {"Wal", "Horn", "Lin", "Stern", "Brun", "Kol", "Var", "Rit", "Zell", "Grau", "Thal", "Eis"},
     {"d", "en", "ter", "l", "ig", "er", "ing", "o", "am", "ul", "in", "es"},
     {"brück", "mark", "hofen", "wick", "born", "rode", "kamp", "stett", "furt", "hain", "loh", "beck"},
     {" Maschinenhandel", " Pharma", " Export", " Logistik", " Fahrzeuge", " Chemie", " Kosmetik",
      " Technik"},
     {"Hamburg", "Köln", "Leipzig", "Bremen", "Kassel", "Ulm"},
     {"Birken", "Hafen", "Mühlen", "Garten", "Bahnhof", "Linden"}},
    {"",
     "# % LLC",
     NULL,
     "& Street 99, $",
     "ZZ#",
     9,
     " New",
     {"Mar", "Vel", "Tor", "Sal", "Ner", "Kal", "Bor", "Dan", "Lir", "Pol", "Ves", "Ram"},
     {"a", "o", "i", "e", "an", "or", "il", "es", "um", "ar", "ev", "is"},
     {"nova", "tis", "dor", "vek", "lim", "ros", "pan", "tur", "mex", "gard", "zel", "kor"},
     {"Trading", "Cargo", "Foods", "Logistics", "Import", "General Trading", "Transport", "Supply"},
     {"Freeport", "Old Harbour", "Riverside", "New Market", "Hillside", "Centre"},
     {"Station", "Garden", "Harbour", "Mill", "Market", "Bridge"}},
};

static const tongue *tongue_of(const char *country)
{
    size_t last = sizeof tongues / sizeof tongues[0] - 1;
    for (size_t i = 0; i < last; i++)
        if (strcmp(tongues[i].country, country) == 0)
            return &tongues[i];
    return &tongues[last];
}

static void put_name(tmg_buf *b, const tongue *t, sim_rng *r)
{
    tmg_buf_z(b, t->first[sim_below(r, PARTS)]);
    if (sim_chance(r, 700000))
        tmg_buf_z(b, t->middle[sim_below(r, PARTS)]);
    tmg_buf_z(b, t->last[sim_below(r, PARTS)]);
}

static tmg_span put_form(const tongue *t, const char *form, const char *addition, sim_rng *r, tmg_arena *a)
{
    TMG_AUTO_BUF b = {0};
    tmg_buf_init(&b, TMG_MAX_TEXT);
    for (const char *p = form; *p != '\0'; p++) {
        if (*p == '#') {
            put_name(&b, t, r);
            tmg_buf_z(&b, addition);
        } else if (*p == '%') {
            tmg_buf_z(&b, t->trades[sim_below(r, TRADES)]);
        } else if (*p == '$') {
            tmg_buf_z(&b, t->towns[sim_skewed(r, TOWNS)]);
        } else if (*p == '&') {
            tmg_buf_z(&b, t->streets[sim_below(r, STREETS)]);
        } else if (*p == '9') {
            tmg_buf_char(&b, (char)('1' + sim_below(r, 9)));
        } else {
            tmg_buf_char(&b, *p);
        }
    }
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}

/* The number is a bijection of the id, so that codes are unique without a list of those given out. */
static tmg_span put_code(uint64_t seed, const tongue *t, const sim_who *w, tmg_arena *a)
{
    TMG_AUTO_BUF b = {0};
    uint64_t size = 1;
    for (int i = 0; i < t->code_digits; i++)
        size *= 10;
    uint64_t shift = sim_rng_of(seed, SIM_S_CODE, (uint64_t)(unsigned char)w->country[0]).state;
    uint64_t number = (w->id * UINT64_C(7368787) + shift % size) % size; /* 7368787 is prime */
    tmg_buf_init(&b, SIM_NUMBER);
    for (const char *p = t->code_form; *p != '\0'; p++) {
        if (*p == '#')
            tmg_buf_fmt(&b, "%0*llu", t->code_digits, (unsigned long long)number);
        else if (*p == 'Z')
            tmg_buf_char(&b, w->country[p > t->code_form ? 1 : 0]);
        else
            tmg_buf_char(&b, *p);
    }
    return tmg_span_copy(a, tmg_buf_as_span(&b));
}

sim_who sim_who_of(const char *country, uint32_t id)
{
    return (sim_who){country, id, id, id, false};
}

tmg_party sim_party(uint64_t seed, const sim_who *w, tmg_arena *a)
{
    const tongue *t = tongue_of(w->country);
    sim_rng name = sim_rng_of(seed, SIM_S_NAME, w->name);
    sim_rng address = sim_rng_of(seed, SIM_S_ADDRESS, w->address);
    bool trader = w->name < SIM_ID_PARTNER || w->name >= SIM_ID_OCCASIONAL;
    bool person = trader && t->person_form != NULL && sim_chance(&name, 70000);
    return (tmg_party){
        .code = put_code(seed, t, w, a),
        .name = put_form(t, person ? t->person_form : t->form, w->successor ? t->addition : "", &name, a),
        .country = tmg_span_of(w->country),
        .address = put_form(t, t->address_form, "", &address, a),
    };
}
