/* SPDX-License-Identifier: ISC */
#ifndef AQUIFER_PROBE_HOSTS_XML_H
#define AQUIFER_PROBE_HOSTS_XML_H

/* The little of libxml2 that libvirt's files need. */
#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * xml_open - a document in memory, freed by xmlFreeDoc(). No network, no DTD.
 * Returns 0, -EBADMSG, -EFBIG, -ENOMEM.
 */
int xml_open(const char *xml, size_t len_bytes, xmlDoc **ret_doc);

bool xml_is_named(const xmlNode *n, const char *name);

/* xml_child - the first child of that name; NULL without, and for NULL. */
xmlNode *xml_child(xmlNode *n, const char *name);

/* xml_next - n itself or its next sibling of that name; NULL at the end. */
xmlNode *xml_next(xmlNode *n, const char *name);

/* xml_text - an attribute; false, and nothing copied, where there is none. */
bool xml_text(xmlNode *n, const char *name, char *ret_text, size_t cap_bytes);

/* xml_is - the attribute is there and has this value. */
bool xml_is(xmlNode *n, const char *name, const char *value);

/* xml_number - 0 where it is no number. */
uint64_t xml_number(xmlNode *n, const char *name);

/* xml_content - the text below, without white space at its ends. */
void xml_content(xmlNode *n, char *ret_text, size_t cap_bytes);

#define XML_TEXT(n, name, field) xml_text(n, name, field, sizeof(field))
#define XML_CONTENT(n, field) xml_content(n, field, sizeof(field))

#endif
