/* tamga-verify - checks an exported log.  Needs neither a centre nor its database. */
#include "guard/verify_priv.h"

#include <getopt.h>

static const char help[] =
    "NAME\n"
    "    tamga-verify - check that an exported log of a Tamga centre is whole\n"
    "\n"
    "SYNOPSIS\n"
    "    tamga-verify FOLDER [--key VKEY] [--seen CHECKPOINT]...\n"
    "\n"
    "DESCRIPTION\n"
    "    FOLDER is what `tamga log export` wrote: entries.jsonl, checkpoint, checkpoints/, log.vkey.\n"
    "    Checked are: each entry carries its own number; the Merkle root (RFC 6962) of the entries is the "
    "one that\n"
    "    the centre signed; every earlier checkpoint is signed and is a beginning of the same log; no day "
    "key of the\n"
    "    random draw was published that had not been committed before. With each published key the draws of "
    "its day\n"
    "    are computed again: each is what was stated, whoever is said to be drawn was, nobody who was drawn "
    "was "
    "left\n"
    "    out, and all that was lodged for the day stood for the draw. Entries whose time runs backwards by "
    "more\n"
    "    than a minute are reported as a warning.\n"
    "\n"
    "OPTIONS\n"
    "    --key VKEY     the centre's public key, or the name of a file that holds it, from a source that you "
    "trust;\n"
    "                   without it the key in FOLDER is used, which proves only that FOLDER fits together\n"
    "    --seen FILE    a checkpoint that you kept from earlier; the log must be an extension of it (up to "
    "16 times)\n"
    "    --help         this text\n"
    "\n"
    "EXIT STATUS\n"
    "    0 the log is whole; 1 it is not, or cannot be read; 2 wrong use\n";

static int wrong_use(const char *why)
{
    fprintf(stderr, "tamga-verify: %s; see tamga-verify --help\n", why);
    return 2;
}

static void print_report(const tmg_verify_request *rq, const tmg_verify_report *r)
{
    TMG_AUTO_BUF vkey = {0};
    tmg_buf_init(&vkey, 512);
    tmg_note_vkey_write(&r->key, &vkey);
    if (r->backwards > 0)
        printf("warning: %llu entries lie more than a minute before an earlier one, the first in line %llu\n",
               (unsigned long long)r->backwards, (unsigned long long)r->first_backwards_line);
    if (rq->vkey == NULL)
        printf(
            "warning: the key came with the folder; compare it with the one that the centre made public\n");
    printf("key: %s\n", vkey.ptr);
    printf("day keys: %llu committed, %llu published, all as committed\n",
           (unsigned long long)r->days_committed, (unsigned long long)r->days_published);
    if (r->days_stated > 0)
        printf("random draws: %llu days, %llu draws computed again; nobody who was drawn was left out\n",
               (unsigned long long)r->days_stated, (unsigned long long)r->draws_checked);
    printf("%llu entries, %llu checkpoints: the log is whole\n", (unsigned long long)r->entries,
           (unsigned long long)r->checkpoints);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"key", required_argument, NULL, 'k'},
                                            {"seen", required_argument, NULL, 's'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    tmg_verify_request rq = {0};
    tmg_verify_report report;
    tmg_err err = {0};
    for (int o; (o = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (o == 'h')
            return fputs(help, stdout) == EOF;
        if (o == 'k')
            rq.vkey = optarg;
        else if (o == 's' && rq.seen_count < TMG_VERIFY_MAX_SEEN)
            rq.seen[rq.seen_count++] = optarg;
        else
            return wrong_use(o == 's' ? "--seen may be given 16 times" : "unknown option");
    }
    if (optind != argc - 1)
        return wrong_use("name one folder");
    rq.folder = argv[optind];
    if (tmg_verify_folder(&rq, &report, &err) != TMG_OK) {
        fprintf(stderr, "tamga-verify: %s\nthe log is NOT whole\n", err.text);
        return 1;
    }
    print_report(&rq, &report);
    return 0;
}
