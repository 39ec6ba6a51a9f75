/* rule/names_priv.h - names of companies and people, compared by sound across scripts.
 *
 *     name -> words: each folded to Latin letters, then to *sounds* - one letter per sound, double letters
 * once
 *          -> company forms ("MMC", "OOO", "Ltd") and particles ("oglu") leave; initials and generic words
 * weigh little two names -> words are paired off, each pair judged by Jaro-Winkler over sounds; what is left
 * over on both sides contradicts, what is left over on one side is only missing
 */
#ifndef TMG_RULE_NAMES_PRIV_H
#define TMG_RULE_NAMES_PRIV_H

#include "rule/rule.h"

typedef enum tmg_script {
    TMG_SCRIPT_LATIN,
    TMG_SCRIPT_CYRILLIC,
    TMG_SCRIPT_ARABIC,
    TMG_SCRIPT_GEORGIAN
} tmg_script;

/* The letter in Latin, "" when it has no sound, " " when it parts words.  Not for ASCII. */
const char *tmg_letter_latin(uint32_t letter, tmg_script *ret_script);

enum { TMG_NAME_WORDS = 10, TMG_WORD_LETTERS = 24 };

typedef struct tmg_name_word {
    uint8_t len, bone_len, weight;
    bool is_number;
    char sound[TMG_WORD_LETTERS]; /* one letter per sound: S sh, C ch, Z zh */
    char bone[TMG_WORD_LETTERS];  /* its consonants by class: what is left when vowels are not written */
} tmg_name_word;

typedef struct tmg_name {
    tmg_script script; /* of most letters */
    uint8_t count;
    tmg_name_word words[TMG_NAME_WORDS];
} tmg_name;

void tmg_name_read(tmg_span text, tmg_name *ret);
/* 0 to 1,000,000 */
int64_t tmg_names_likeness(const tmg_name *x, const tmg_name *y);
int64_t tmg_words_likeness(const tmg_name_word *x, tmg_script of_x, const tmg_name_word *y, tmg_script of_y);
/* Words without meaning for who it is. */
bool tmg_word_is_form(const char *fold, size_t len);
bool tmg_word_is_generic(const char *fold, size_t len);

/* ---- name_index.c: many names, packed, found again by trigrams of their words ---- */
typedef struct tmg_name_index tmg_name_index;
tmg_name_index *tmg_name_index_new(void);
void tmg_name_index_free(tmg_name_index *x);                      /* NULL is accepted */
void tmg_name_index_add(tmg_name_index *x, const tmg_name *name); /* numbered from 0 */
void tmg_name_index_seal(tmg_name_index *x); /* after the last name, before the first question */
void tmg_name_index_name(const tmg_name_index *x, uint32_t i, tmg_name *ret);
/* At most `most` names that share rare trigrams with this one, the most promising first.  Any thread. */
size_t tmg_name_index_find(const tmg_name_index *x, const tmg_name *name, uint32_t *ret, size_t most);

#endif
