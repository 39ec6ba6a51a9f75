/* The tables that tools/api.py makes from api/. */
#include "web/openapi_priv.h"
#include "web/site_priv.h"

#include "web/openapi.gen.h"
#include "web/routes.gen.h"
