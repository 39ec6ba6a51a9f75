/* The API's description (OpenAPI 3.1, JSON) as bytes, made from api/ by tools/api.py. */
#ifndef TMG_WEB_OPENAPI_PRIV_H
#define TMG_WEB_OPENAPI_PRIV_H

#include <stddef.h>

extern const unsigned char TMG_OPENAPI[];
extern const size_t TMG_OPENAPI_LEN;

#endif
