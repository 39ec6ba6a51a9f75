#include "sim/sim_priv.h"

#define FRESH    SIM_G_FRESH
#define DRIED    SIM_G_DRIED
#define BUILD    SIM_G_BUILDING
#define PLASTIC  SIM_G_PLASTIC
#define FOOD     SIM_G_FOOD
#define TEXTILE  SIM_G_TEXTILE
#define HOME     SIM_G_HOME
#define MACHINE  SIM_G_MACHINE
#define CAR      SIM_G_CAR
#define PHARMA   SIM_G_PHARMA
#define ELECTRON SIM_G_ELECTRONIC
#define GRAIN    SIM_G_GRAIN
#define METAL    SIM_G_METAL
#define TIMBER   SIM_G_TIMBER
#define EXPORT   SIM_G_EXPORT
#define CHEMICAL SIM_G_CHEMICAL
#define TOBACCO  SIM_G_TOBACCO
#define FIBRE    SIM_G_FIBRE
#define PLOUGH   SIM_G_PLOUGH
#define VALUE    TMG_OUTCOME_VALUE
#define ORIGIN   TMG_OUTCOME_ORIGIN
#define CLASSIFY TMG_OUTCOME_CLASSIFICATION
#define QUANTITY TMG_OUTCOME_QUANTITY
#define DOCUMENT TMG_OUTCOME_DOCUMENT

/* groups, HS, description, qepik/kg, g/package, kind, unit, g/unit, duty bp, fraud ppm and kind, permit,
 * season */
static const sim_goods goods[] = {
    {FRESH | EXPORT, "0702000000", "Fresh tomatoes", 90, 10000, "BX", "KGM", 0, 1500, 16000, DOCUMENT,
     "PHYTO", 3, 11},
    {FRESH, "0807110000", "Watermelons, fresh", 35, 25000, "BG", "KGM", 0, 1500, 14000, QUANTITY, "PHYTO", 5,
     10},
    {FRESH, "0807190000", "Melons, fresh", 60, 15000, "CT", "KGM", 0, 1500, 14000, QUANTITY, "PHYTO", 6, 10},
    {FRESH, "0705190000", "Lettuce, fresh", 110, 6000, "CT", "KGM", 0, 1500, 12000, DOCUMENT, "PHYTO", 0, 0},
    {FRESH, "0701900000", "Potatoes, fresh", 45, 25000, "BG", "KGM", 0, 1500, 16000, DOCUMENT, "PHYTO", 0, 0},
    {FRESH, "0703100000", "Onions, fresh", 40, 25000, "BG", "KGM", 0, 1500, 12000, QUANTITY, "PHYTO", 0, 0},
    {FRESH, "0707000000", "Cucumbers, fresh", 80, 10000, "BX", "KGM", 0, 1500, 12000, DOCUMENT, "PHYTO", 0,
     0},
    {FRESH, "0709600000", "Sweet peppers, fresh", 120, 8000, "CT", "KGM", 0, 1500, 12000, DOCUMENT, "PHYTO",
     0, 0},
    {FRESH, "0709300000", "Aubergines, fresh", 75, 9000, "BX", "KGM", 0, 1500, 12000, DOCUMENT, "PHYTO", 4,
     11},
    {FRESH | EXPORT, "0808100000", "Apples, fresh", 85, 15000, "BX", "KGM", 0, 1500, 22000, VALUE, "PHYTO", 8,
     4},
    {FRESH, "0810500000", "Kiwifruit, fresh", 130, 10000, "CT", "KGM", 0, 1500, 16000, VALUE, "PHYTO", 10, 5},
    {FRESH, "0805100000", "Oranges, fresh", 95, 12000, "CT", "KGM", 0, 1500, 16000, VALUE, "PHYTO", 11, 5},
    {FRESH, "0806100000", "Table grapes, fresh", 140, 8000, "CT", "KGM", 0, 1500, 16000, VALUE, "PHYTO", 7,
     11},
    {DRIED, "0806200000", "Raisins", 280, 10000, "CT", "KGM", 0, 1500, 20000, VALUE, "PHYTO", 0, 0},
    {DRIED, "0802510000", "Pistachios in shell", 1500, 25000, "BG", "KGM", 0, 1500, 34000, VALUE, "PHYTO", 0,
     0},
    {DRIED, "0804100000", "Dates, dried", 220, 10000, "CT", "KGM", 0, 1500, 16000, VALUE, "PHYTO", 0, 0},
    {DRIED | FIBRE, "0813100000", "Dried apricots", 350, 12500, "CT", "KGM", 0, 1500, 18000, VALUE, "PHYTO",
     0, 0},
    {BUILD, "6907210000", "Ceramic floor tiles", 55, 24000, "CT", "MTK", 17000, 1500, 38000, VALUE, NULL, 0,
     0},
    {BUILD, "6902200000", "Refractory bricks and plates", 110, 1000000, "PX", "KGM", 0, 1500, 18000, CLASSIFY,
     NULL, 0, 0},
    {BUILD, "2513100000", "Pumice stone", 30, 40000, "BG", "KGM", 0, 500, 10000, QUANTITY, NULL, 0, 0},
    {BUILD, "2523290000", "Portland cement", 16, 50000, "BG", "KGM", 0, 1500, 14000, QUANTITY, NULL, 0, 0},
    {BUILD, "2715000000", "Bituminous mixtures", 75, 180000, "DR", "KGM", 0, 500, 14000, CLASSIFY, NULL, 0,
     0},
    {BUILD, "7005290000", "Float glass in sheets", 60, 1200000, "CS", "MTK", 10000, 1500, 22000, VALUE, NULL,
     0, 0},
    {BUILD, "6810190000", "Paving slabs of artificial stone", 28, 1400000, "PX", "KGM", 0, 1500, 12000,
     QUANTITY, NULL, 0, 0},
    {PLASTIC | FIBRE, "3901200000", "Polyethylene granules", 190, 25000, "BG", "KGM", 0, 500, 12000, CLASSIFY,
     NULL, 0, 0},
    {PLASTIC, "3902100000", "Polypropylene granules", 200, 25000, "BG", "KGM", 0, 500, 12000, CLASSIFY, NULL,
     0, 0},
    {PLASTIC, "3923300000", "Plastic bottles and preforms", 350, 12000, "CT", "C62", 25, 1500, 22000, VALUE,
     NULL, 0, 0},
    {PLASTIC, "3926900000", "Articles of plastics, sundry", 450, 10000, "CT", "KGM", 0, 1500, 40000, CLASSIFY,
     NULL, 0, 0},
    {PLASTIC, "3402500000", "Washing preparations for retail sale", 160, 12000, "CT", "KGM", 0, 1500, 20000,
     VALUE, NULL, 0, 0},
    {FOOD, "1905310000", "Sweet biscuits", 320, 5000, "CT", "KGM", 0, 1500, 20000, VALUE, NULL, 0, 0},
    {FOOD, "1704900000", "Sugar confectionery", 300, 6000, "CT", "KGM", 0, 1500, 20000, VALUE, NULL, 0, 0},
    {FOOD, "1806900000", "Chocolate and cocoa preparations", 560, 6000, "CT", "KGM", 0, 1500, 24000, VALUE,
     NULL, 0, 0},
    {FOOD, "2007990000", "Jams and fruit pastes", 260, 9000, "CT", "KGM", 0, 1500, 16000, VALUE, NULL, 0, 0},
    {FOOD, "0902300000", "Black tea in small packings", 900, 10000, "CT", "KGM", 0, 1500, 36000, VALUE, NULL,
     0, 0},
    {FOOD, "2202990000", "Soft drinks", 95, 12000, "CT", "LTR", 1000, 1500, 16000, QUANTITY, NULL, 0, 0},
    {FOOD, "2204210000", "Wine in bottles", 620, 9000, "CT", "LTR", 1000, 1500, 42000, VALUE, NULL, 0, 0},
    {TOBACCO, "2402200000", "Cigarettes", 3500, 12000, "CT", "C62", 1, 1500, 95000, QUANTITY, "LICENCE", 0,
     0},
    {TOBACCO, "2208300000", "Whisky in bottles", 1500, 12000, "CT", "LTR", 1000, 1500, 70000, VALUE,
     "LICENCE", 0, 0},
    {TEXTILE, "6204620000", "Women's trousers of cotton", 2600, 14000, "CT", "C62", 420, 1500, 80000, VALUE,
     NULL, 0, 0},
    {TEXTILE, "6109100000", "T-shirts of cotton", 2200, 16000, "CT", "C62", 170, 1500, 80000, VALUE, NULL, 0,
     0},
    {TEXTILE, "6110200000", "Pullovers of cotton", 2800, 15000, "CT", "C62", 380, 1500, 75000, VALUE, NULL, 0,
     0},
    {TEXTILE, "6202400000", "Women's jackets of man-made fibres", 3100, 13000, "CT", "C62", 900, 1500, 70000,
     VALUE, NULL, 0, 0},
    {TEXTILE, "6403990000", "Footwear with leather uppers", 2500, 12000, "CT", "NPR", 900, 1500, 75000,
     CLASSIFY, NULL, 0, 0},
    {TEXTILE, "6404110000", "Sports footwear with textile uppers", 2100, 12000, "CT", "NPR", 750, 1500, 85000,
     CLASSIFY, NULL, 0, 0},
    {TEXTILE, "6402990000", "Footwear of plastics", 900, 12000, "CT", "NPR", 700, 1500, 60000, VALUE, NULL, 0,
     0},
    {TEXTILE, "6302210000", "Bed linen, printed, of cotton", 1300, 18000, "CT", "KGM", 0, 1500, 45000, VALUE,
     NULL, 0, 0},
    {TEXTILE | FIBRE, "5208120000", "Woven fabrics of cotton", 900, 40000, "BL", "KGM", 0, 500, 36000,
     CLASSIFY, NULL, 0, 0},
    {HOME, "9403500000", "Wooden bedroom furniture", 450, 45000, "CT", "KGM", 0, 1500, 40000, VALUE, NULL, 0,
     0},
    {HOME, "8418100000", "Refrigerators with freezers", 700, 65000, "CT", "C62", 62000, 1500, 30000, VALUE,
     NULL, 0, 0},
    {HOME, "8450110000", "Washing machines", 620, 64000, "CT", "C62", 62000, 1500, 30000, VALUE, NULL, 0, 0},
    {HOME, "7323930000", "Kitchenware of stainless steel", 800, 14000, "CT", "KGM", 0, 1500, 40000, VALUE,
     NULL, 0, 0},
    {HOME, "3925200000", "Doors and windows of plastics", 480, 30000, "PX", "KGM", 0, 1500, 24000, CLASSIFY,
     NULL, 0, 0},
    {HOME, "6910100000", "Sanitary fixtures of porcelain", 230, 22000, "CT", "C62", 20000, 1500, 30000, VALUE,
     NULL, 0, 0},
    {HOME, "9503000000", "Toys", 1100, 9000, "CT", "KGM", 0, 1500, 60000, VALUE, NULL, 0, 0},
    {MACHINE, "8481800000", "Taps and valves", 1500, 18000, "CT", "KGM", 0, 1500, 28000, VALUE, NULL, 0, 0},
    {MACHINE, "8544490000", "Electric cable", 1100, 300000, "RL", "KGM", 0, 1500, 24000, VALUE, NULL, 0, 0},
    {MACHINE, "8708290000", "Parts of motor vehicle bodies", 1400, 25000, "CT", "KGM", 0, 500, 48000, VALUE,
     NULL, 0, 0},
    {MACHINE, "8413700000", "Centrifugal pumps", 1900, 60000, "CS", "C62", 40000, 500, 16000, CLASSIFY, NULL,
     0, 0},
    {MACHINE, "8479890000", "Machines with a function of their own", 2400, 600000, "CS", "C62", 600000, 500,
     16000, CLASSIFY, NULL, 0, 0},
    {MACHINE, "4011100000", "Tyres for motor cars", 420, 10000, "PE", "C62", 9000, 1500, 30000, VALUE, NULL,
     0, 0},
    {MACHINE | PLOUGH, "8432100000", "Ploughs", 700, 400000, "PE", "C62", 400000, 0, 10000, CLASSIFY, NULL, 0,
     0},
    {CAR, "8703230000", "Used motor cars, 1,500 to 3,000 cm3", 1250, 1500000, "NE", "C62", 1500000, 1500,
     110000, VALUE, NULL, 0, 0},
    {PHARMA, "3004900000", "Medicaments for retail sale", 9000, 9000, "CT", "KGM", 0, 0, 24000, DOCUMENT,
     "LICENCE", 0, 0},
    {PHARMA, "3304990000", "Beauty preparations", 3500, 8000, "CT", "KGM", 0, 1500, 55000, VALUE, NULL, 0, 0},
    {PHARMA, "3303000000", "Perfumes and toilet waters", 6000, 8000, "CT", "LTR", 1000, 1500, 70000, VALUE,
     NULL, 0, 0},
    {ELECTRON, "8517130000", "Smartphones", 42000, 9000, "CT", "C62", 380, 0, 80000, VALUE, NULL, 0, 0},
    {ELECTRON, "8471300000", "Portable computers", 30000, 12000, "CT", "C62", 2400, 0, 45000, VALUE, NULL, 0,
     0},
    {ELECTRON, "8517620000", "Network and transmission apparatus", 9000, 10000, "CT", "C62", 700, 0, 36000,
     CLASSIFY, NULL, 0, 0},
    {ELECTRON, "8528720000", "Television receivers", 1800, 16000, "CT", "C62", 14000, 1500, 42000, VALUE,
     NULL, 0, 0},
    {ELECTRON, "8504400000", "Chargers and static converters", 3500, 11000, "CT", "C62", 120, 1500, 50000,
     CLASSIFY, NULL, 0, 0},
    {ELECTRON, "8711600000", "Electric scooters", 1200, 28000, "CT", "C62", 25000, 1500, 45000, CLASSIFY,
     NULL, 0, 0},
    {ELECTRON, "8541430000", "Photovoltaic modules", 900, 800000, "PX", "C62", 25000, 0, 14000, ORIGIN, NULL,
     0, 0},
    {GRAIN, "1001990000", "Wheat", 38, 50000, "VR", "KGM", 0, 500, 12000, QUANTITY, "PHYTO", 0, 0},
    {GRAIN, "1512190000", "Sunflower-seed oil, refined", 190, 15000, "CT", "KGM", 0, 1500, 18000, VALUE, NULL,
     0, 0},
    {GRAIN, "0207140000", "Frozen poultry cuts", 300, 15000, "CT", "KGM", 0, 1500, 24000, DOCUMENT, "VET", 0,
     0},
    {GRAIN, "1701990000", "White sugar", 95, 50000, "BG", "KGM", 0, 1500, 16000, QUANTITY, NULL, 0, 0},
    {METAL, "7208390000", "Hot-rolled steel in coils", 110, 8000000, "NE", "KGM", 0, 500, 10000, CLASSIFY,
     NULL, 0, 0},
    {METAL, "7210490000", "Zinc-coated steel sheet", 160, 5000000, "NE", "KGM", 0, 500, 14000, CLASSIFY, NULL,
     0, 0},
    {METAL, "7214200000", "Steel bars for concrete", 110, 2000000, "BE", "KGM", 0, 1500, 16000, QUANTITY,
     NULL, 0, 0},
    {METAL | EXPORT, "7601100000", "Aluminium, not alloyed", 430, 1000000, "BE", "KGM", 0, 0, 10000, QUANTITY,
     NULL, 0, 0},
    {METAL, "2710190000", "Lubricating oils", 260, 180000, "DR", "KGM", 0, 1500, 34000, CLASSIFY, NULL, 0, 0},
    {TIMBER, "4407110000", "Sawn pine", 55, 1500000, "PX", "KGM", 0, 500, 22000, QUANTITY, "PHYTO", 0, 0},
    {TIMBER, "4810130000", "Coated paper in rolls", 180, 900000, "RL", "KGM", 0, 500, 12000, VALUE, NULL, 0,
     0},
    {TIMBER, "4412330000", "Plywood", 130, 1200000, "PX", "KGM", 0, 1500, 20000, VALUE, NULL, 0, 0},
    {TIMBER, "3102100000", "Urea", 70, 50000, "BG", "KGM", 0, 0, 8000, QUANTITY, NULL, 0, 0},
    {FIBRE | EXPORT, "5201000000", "Cotton, not carded", 280, 220000, "BL", "KGM", 0, 0, 8000, QUANTITY, NULL,
     0, 0},
    {EXPORT, "0810700000", "Persimmons, fresh", 150, 9000, "CT", "KGM", 0, 0, 10000, DOCUMENT, "PHYTO", 9, 2},
    {EXPORT, "0802220000", "Hazelnuts, shelled", 950, 25000, "BG", "KGM", 0, 0, 18000, VALUE, "PHYTO", 0, 0},
    {EXPORT, "3901100000", "Polyethylene of low density", 195, 25000, "BG", "KGM", 0, 0, 8000, QUANTITY, NULL,
     0, 0},
    {EXPORT | FOOD, "2009890000", "Fruit juice", 140, 12000, "CT", "LTR", 1000, 1500, 12000, VALUE, NULL, 0,
     0},
    {CHEMICAL, "2914110000", "Acetone", 190, 160000, "DR", "KGM", 0, 500, 20000, DOCUMENT, "PEN", 0, 0},
    {CHEMICAL, "2807000000", "Sulphuric acid", 35, 300000, "DR", "KGM", 0, 500, 14000, DOCUMENT, "PEN", 0, 0},
    {CHEMICAL, "2806100000", "Hydrochloric acid", 40, 240000, "DR", "KGM", 0, 500, 14000, DOCUMENT, "PEN", 0,
     0},
    {CHEMICAL, "2902300000", "Toluene", 160, 170000, "DR", "KGM", 0, 500, 14000, DOCUMENT, "PEN", 0, 0},
    {CHEMICAL, "2915240000", "Acetic anhydride", 330, 200000, "DR", "KGM", 0, 500, 20000, DOCUMENT, "PEN", 0,
     0},
    {CHEMICAL, "2841610000", "Potassium permanganate", 420, 50000, "DR", "KGM", 0, 500, 16000, DOCUMENT,
     "PEN", 0, 0},
    {CHEMICAL, "2915210000", "Acetic acid", 120, 200000, "DR", "KGM", 0, 500, 12000, CLASSIFY, NULL, 0, 0},
    {CHEMICAL, "3814000000", "Thinners and paint removers", 200, 160000, "DR", "KGM", 0, 1500, 16000,
     CLASSIFY, NULL, 0, 0},
};

size_t sim_goods_count(void)
{
    return sizeof goods / sizeof goods[0];
}

const sim_goods *sim_goods_at(size_t i)
{
    return &goods[i];
}

const sim_goods *sim_goods_by_hs(const char *hs)
{
    for (size_t i = 0; i < sim_goods_count(); i++)
        if (strcmp(goods[i].hs, hs) == 0)
            return &goods[i];
    abort(); /* a scheme names goods that the table above lacks */
}

bool sim_in_season(const sim_goods *g, int month)
{
    if (g->month_from == 0)
        return true;
    if (g->month_from <= g->month_to)
        return month >= g->month_from && month <= g->month_to;
    return month >= g->month_from || month <= g->month_to;
}
