/* SPDX-License-Identifier: ISC */
#include <errno.h>
#include <string.h>

#include "doctor/clones_parts.h"

const char clones_page_cloud[] =
	"cloud-init makes host keys and accounts when it meets a new instance "
	"id. What an earlier run left in an image can hold that run's secrets, "
	"and can make a clone pass for a machine that is set up already.\n"
	"\n"
	"critical: an image holds user data of an instance with words of keys "
	"or passwords in it. warn: an image holds the state of an instance; "
	"ssh_deletekeys is false, so that clones keep the image's host keys. "
	"info: this disk has been another instance before. User data is "
	"searched for a few words; that none is found does not prove that it "
	"holds no secret.";

static void judge_config(const struct machine *m, struct finding *f)
{
	const struct clones_cloud *c = &m->clones->cloud;
	bool image = m->kind == PROBE_IMAGE;

	if (!c->keeps_host_keys)
		return;
	finding_say(f, SEVERITY_WARN,
		    "cloud-init keeps the image's SSH host keys on new "
		    "instances");
	finding_evidence(f, c->keeps_host_keys_path, "ssh_deletekeys: false");
	finding_why(f, "A clone of this disk goes on with this machine's host "
		       "keys.");
	if (clones_is_plain(c->keeps_host_keys_path))
		finding_command(f, image ? FIX_IMAGE : FIX_GUEST,
				"sed -i 's/^ssh_deletekeys:.*/ssh_deletekeys: "
				"true/' %s",
				c->keeps_host_keys_path + image);
}

static void judge_image(const struct clones_cloud *c, struct finding *f)
{
	if (c->user_data_secrets) {
		finding_say(f, SEVERITY_CRITICAL,
			    "the image holds user data with keys or passwords "
			    "of an earlier instance");
		finding_evidence(f, c->user_data_path, "holds the word '%s'",
				 c->secrets_word);
		finding_why(f, "Everybody who has the image can read them.");
	}
	if (c->has_state) {
		finding_say(f, SEVERITY_WARN,
			    "the image holds the state of a cloud-init "
			    "instance");
		finding_evidence(f, "/var/lib/cloud", "instance %s",
				 c->instance_id[0] != '\0' ? c->instance_id :
							     "(no id)");
		finding_why(f, "A clone that gets the same instance id is "
			       "taken for a machine that is set up already, "
			       "and keeps keys that the image has.");
		finding_fix(f, FIX_IMAGE,
			    "In the image: cloud-init clean "
			    "--logs. From outside:");
		finding_command(f, FIX_IMAGE,
				"rm -rf var/lib/cloud/instance "
				"var/lib/cloud/instances var/lib/cloud/data "
				"var/lib/cloud/sem");
	}
	if (c->user_data_unseen)
		finding_say(f, SEVERITY_UNKNOWN,
			    "user data of an earlier instance could not be "
			    "read");
}

bool clones_judge_cloud(const struct machine *m, struct finding *f)
{
	const struct clones_cloud *c;
	bool image = m->kind == PROBE_IMAGE;

	if (m->clones == NULL)
		return false;
	c = &m->clones->cloud;
	if (!c->installed && !c->has_state && c->state_error == 0)
		return false;
	judge_config(m, f);
	if (image) {
		judge_image(c, f);
	} else if (c->instance_id[0] != '\0') {
		finding_evidence(f, "/var/lib/cloud/data/instance-id", "%s",
				 c->instance_id);
		if (c->previous_id[0] != '\0' &&
		    strcmp(c->previous_id, "NO_PREVIOUS_INSTANCE_ID") != 0 &&
		    strcmp(c->previous_id, c->instance_id) != 0) {
			finding_say(f, SEVERITY_INFO,
				    "this disk has been another instance "
				    "before");
			finding_evidence(f,
					 "/var/lib/cloud/data/"
					 "previous-instance-id",
					 "%s", c->previous_id);
		}
	}
	if (c->state_error != 0) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "cloud-init's state could not be looked at");
		finding_evidence(f, "/var/lib/cloud", "%s",
				 strerror(-c->state_error));
	}
	clones_say_unseen(&c->config_unseen, f, "cloud-init's configuration");
	if (f->title == NULL)
		finding_say(f, SEVERITY_OK,
			    image ? "the image holds no state of cloud-init" :
				    "cloud-init takes a clone for a new "
				    "machine");
	return true;
}

const char clones_page_pollinate[] =
	"pollinate asks a server for randomness once, at the first boot, and "
	"leaves the flag /var/cache/pollinate/seeded. In an image the flag "
	"stops every clone from asking.\n"
	"\n"
	"warn: an image holds the flag. info: the flag is older than this "
	"machine: it came with the image, and pollinate never ran here. What "
	"pollinate gets is another's random bytes over the network: good to "
	"mix in, nothing to rely on.";

bool clones_judge_pollinate(const struct machine *m, struct finding *f)
{
	const struct clones_pollinate *p;
	char date[CLONES_DATE_BYTES];

	if (m->clones == NULL)
		return false;
	p = &m->clones->pollinate;
	if (p->flag.error == -ENOENT) {
		if (!p->installed)
			return false;
		finding_say(f, SEVERITY_OK,
			    "no flag stops pollinate from seeding");
		return true;
	}
	if (p->flag.error != 0) {
		finding_say(f, SEVERITY_UNKNOWN,
			    "pollinate's flag could not be looked at");
		finding_evidence(f, p->flag.path, "%s",
				 strerror(-p->flag.error));
		return true;
	}
	finding_evidence(f, p->flag.path, "written %s",
			 clones_date(p->flag.st.mtime_s, date));
	if (m->kind == PROBE_IMAGE) {
		finding_say(f, SEVERITY_WARN,
			    "the image holds pollinate's flag: no clone of it "
			    "will seed itself so");
		finding_command(f, FIX_IMAGE, "rm -f %s", p->flag.path + 1);
	} else if (clones_older(m, p->flag.st.mtime_s)) {
		finding_say(f, SEVERITY_INFO,
			    "pollinate never ran on this machine: its flag "
			    "came with the image");
		clones_say_birth(m, f);
		finding_command(f, FIX_GUEST,
				"rm -f %s && systemctl start pollinate",
				p->flag.path);
	} else {
		finding_say(f, SEVERITY_OK, "pollinate has run here");
	}
	return true;
}
