/* base/xml.h - streaming XML in, by libxml2's xmlTextReader: no DTD, no entity expansion, no network.
 *
 * The reader walks a document and reports elements with their path; text is collected up to a limit.  A DOCTYPE
 * is refused outright (TMG_E_INVALID).  Depth at most 64, one text at most 64 KiB, document as long as the caller
 * allows.
 *
 * A reader belongs to one thread.  Faults of the document are TMG_E_INVALID with the line, sizes beyond these limits
 * TMG_E_LIMIT.
 */
#ifndef TMG_BASE_XML_H
#define TMG_BASE_XML_H

#include "base/text.h"

typedef struct tmg_xml tmg_xml;

typedef enum tmg_xml_event { TMG_XML_END_OF_DOCUMENT, TMG_XML_OPEN, TMG_XML_CLOSE } tmg_xml_event;

/* Reads from `bytes`, which must outlive the reader. */
TMG_MUST_USE tmg_rc tmg_xml_open(tmg_span bytes, tmg_xml **ret, tmg_err *err);
void tmg_xml_free(tmg_xml *x);
/* The next element that opens or closes.  At CLOSE, tmg_xml_text is the element's own text, trimmed (text of
 * children not included).  An empty element gives OPEN then CLOSE. */
TMG_MUST_USE tmg_rc tmg_xml_next(tmg_xml *x, tmg_xml_event *ret, tmg_err *err);
tmg_span tmg_xml_name(const tmg_xml *x);  /* local name of the element of the last event */
tmg_span tmg_xml_path(const tmg_xml *x);  /* "ASYCUDA/Item/Tarification/HScode", the element included */
tmg_span tmg_xml_text(const tmg_xml *x);  /* valid until the next call */
int tmg_xml_line(const tmg_xml *x);
int tmg_xml_depth(const tmg_xml *x);      /* 1 for the root */
/* Byte offset in the input of the end of the last event's tag, for cutting out the raw bytes of a record. */
size_t tmg_xml_offset(const tmg_xml *x);

#endif
