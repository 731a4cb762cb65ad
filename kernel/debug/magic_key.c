#include <debug/log.h>
#include <debug/magic_key.h>

static struct list keys = LIST_INIT(keys);

void magic_key_register(struct magic_key *key) { list_push_back(&keys, &key->node); }

void magic_key_press(char c) {
    struct magic_key *key;
    list_for_each(key, &keys, node)
        if (key->key == c) {
            key->act();
            return;
        }
    log_info("magic keys, each after a BREAK:");
    list_for_each(key, &keys, node)
        log_info("  %c  %s", key->key, key->what);
}
