"""The demonstration centre as a stranger and a chief find it: draws that can be computed again, chance that has looked, and
work in every state."""
import collections
import re
import sqlite3

import harness
import tap
from harness import VERIFY, Centre, run

LIVED = 26
centre = None


def rows(sql):
    db = sqlite3.connect(f'file:{centre.home}/centre.db?mode=ro', uri=True)
    try:
        return db.execute(sql).fetchall()
    finally:
        db.close()


def test_every_draw_of_the_lived_days_can_be_computed_again():
    global centre
    centre = Centre(days='30', lived=str(LIVED))
    copy = centre.folder / 'copy'
    centre.tamga('log', 'export', copy)
    said = run(copy, program=VERIFY)
    days, draws = map(int, re.search(r'random draws: (\d+) days, (\d+) draws computed again', said).groups())
    assert days == LIVED, said
    assert draws > 40 * LIVED, said


def test_chance_has_looked_and_says_something():
    table = centre.tamga('estimate')
    whole = re.search(r'any +whole flow +(\d+) .* (\d+\.\d+) %', table)
    assert whole and int(whole[1]) > 40 * LIVED, table
    by_chance = rows('SELECT count(*) FROM selection s JOIN result r ON r.consignment_id = s.consignment_id '
                     'WHERE s.propensity_ppb BETWEEN 1 AND 999999999 AND s.selected_by IN (4, 7)')
    assert by_chance[0][0] >= 10, by_chance


def test_nothing_is_known_before_it_happened():
    wrong = rows('SELECT count(*) FROM result r JOIN declaration d ON d.id = r.declaration_id '
                 'WHERE r.known_at_ms < r.happened_ms OR r.happened_ms < d.lodged_ms')
    assert wrong == [(0,)], wrong
    late = rows('SELECT count(*) FROM decision x JOIN result r ON r.consignment_id = x.consignment_id '
                'WHERE x.action = 2 AND x.at_ms > r.known_at_ms')
    assert late == [(0,)], late


def test_cases_and_exhibits_stand_in_several_states():
    states = collections.defaultdict(set)
    for kind, state in rows('SELECT kind, state FROM flow_item'):
        states[kind].add(state)
    assert len(states['case']) >= 2 and len(states['evidence']) >= 2, states
    assert {'confirmed', 'seized'} <= states['order'], states


def test_what_is_found_names_the_means_that_found_it():
    silent = rows('SELECT count(*) FROM inspection_order o JOIN result r ON r.id = o.result_id WHERE r.outcome <> 1 AND NOT '
                  'EXISTS (SELECT 1 FROM inspection_step s WHERE s.order_id = o.id AND s.reaction = \'found\')')
    assert silent == [(0,)], silent


def test_the_centre_is_put_away():
    centre.close()
    harness.forget_made()


tap.main()
