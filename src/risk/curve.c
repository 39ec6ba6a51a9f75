#include "risk/mind_priv.h"

struct tmg_curve {
    tmg_calibration calibration;
};

tmg_curve *tmg_curve_fit(const int64_t *raw_ppb, const bool *label, size_t count)
{
    tmg_curve *c = tmg_xcalloc(1, sizeof *c);
    tmg_calibration_fit(&c->calibration, raw_ppb, label, count);
    return c;
}

void tmg_curve_free(tmg_curve *c)
{
    if (c != NULL)
        tmg_calibration_done(&c->calibration);
    free(c);
}

int64_t tmg_curve_at(const tmg_curve *c, int64_t raw_ppb)
{
    return tmg_calibration_at(&c->calibration, raw_ppb);
}

void tmg_curve_write(const tmg_curve *c, tmg_buf *b)
{
    tmg_json_out j;
    tmg_json_begin(&j, b);
    tmg_calibration_write(&c->calibration, &j, NULL);
}

tmg_rc tmg_curve_read(tmg_span text, tmg_curve **ret, tmg_err *err)
{
    TMG_AUTO_JSON json = NULL;
    TMG_TRY(tmg_json_read(text, &json, err));
    tmg_curve *c = tmg_xcalloc(1, sizeof *c);
    tmg_rc rc = tmg_calibration_read(json, &c->calibration, err);
    if (rc == TMG_OK)
        *ret = c;
    else
        tmg_curve_free(c);
    return rc;
}
