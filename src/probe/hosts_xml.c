/* SPDX-License-Identifier: ISC */
/*
 * libvirt's XML (formatdomain, formatsnapshot). Read by libxml2 with neither
 * network nor entities: a document with a DTD is none of libvirt's and is
 * refused as soon as its DOCTYPE is seen.
 */
#include <errno.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "probe/hosts_parts.h"
#include "probe/hosts_xml.h"

static void refuse_dtd(void *context, const xmlChar *name,
		       const xmlChar *external_id, const xmlChar *system_id)
{
	xmlParserCtxt *parser = context;

	(void)name;
	(void)external_id;
	(void)system_id;
	xmlStopParser(parser);
}

int xml_open(const char *xml, size_t len_bytes, xmlDoc **ret_doc)
{
	xmlParserCtxt *parser;
	xmlDoc *doc;
	int r = -EBADMSG;

	if (len_bytes > HOSTS_DOMAIN_MAX_BYTES)
		return -EFBIG;
	parser = xmlNewParserCtxt();
	if (!parser)
		return -ENOMEM;
	parser->sax->internalSubset = refuse_dtd;
	doc = xmlCtxtReadMemory(parser, xml, (int)len_bytes, NULL, NULL,
				XML_PARSE_NONET | XML_PARSE_NOERROR |
					XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
	if (parser->errNo == XML_ERR_NO_MEMORY)
		r = -ENOMEM;
	if (doc && parser->wellFormed && xmlDocGetRootElement(doc)) {
		*ret_doc = doc;
		r = 0;
	} else {
		xmlFreeDoc(doc);
	}
	xmlFreeParserCtxt(parser);
	return r;
}

bool xml_is_named(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE &&
	       strcmp((const char *)n->name, name) == 0;
}

xmlNode *xml_next(xmlNode *n, const char *name)
{
	while (n && !xml_is_named(n, name))
		n = n->next;
	return n;
}

xmlNode *xml_child(xmlNode *n, const char *name)
{
	return n ? xml_next(n->children, name) : NULL;
}

bool xml_text(xmlNode *n, const char *name, char *ret_text, size_t cap_bytes)
{
	xmlChar *text = n ? xmlGetNoNsProp(n, (const xmlChar *)name) : NULL;

	if (!text)
		return false;
	hosts_copy(ret_text, cap_bytes, (const char *)text);
	xmlFree(text);
	return true;
}

bool xml_is(xmlNode *n, const char *name, const char *value)
{
	char have[64] = "";

	return XML_TEXT(n, name, have) && strcmp(have, value) == 0;
}

uint64_t xml_number(xmlNode *n, const char *name)
{
	char text[24] = "";

	return XML_TEXT(n, name, text) ? hosts_number(text) : 0;
}

void xml_content(xmlNode *n, char *ret_text, size_t cap_bytes)
{
	xmlChar *text = n ? xmlNodeGetContent(n) : NULL;
	const char *from = (const char *)text;
	size_t len;

	if (!text)
		return;
	from += strspn(from, " \t\r\n");
	hosts_copy(ret_text, cap_bytes, from);
	len = strlen(ret_text);
	while (len > 0 && strchr(" \t\r\n?", ret_text[len - 1]) &&
	       strchr(" \t\r\n", from[len - 1]))
		ret_text[--len] = '\0';
	xmlFree(text);
}
