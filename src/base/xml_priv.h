/* base/xml_priv.h - finds the tags of an XML text by their bytes.
 *
 * libxml2 reads ahead and cannot say where in the input the tag it has just reported ends.  This walks beside
 * it, one tag per event, over text that libxml2 has found well-formed; every accepted encoding is a superset
 * of ASCII, so that markup looks the same in all of them.
 */
#ifndef TMG_BASE_XML_PRIV_H
#define TMG_BASE_XML_PRIV_H

#include "base/text.h"

typedef struct tmg_xml_tags {
    tmg_span all;
    size_t at;       /* behind the tag found last */
    int line;        /* of that place */
    bool is_doctype; /* was it no tag but "<!DOCTYPE ...>"? */
} tmg_xml_tags;

/* Goes on behind the next tag; false when there is none. */
bool tmg_xml_tags_next(tmg_xml_tags *t);

#endif
