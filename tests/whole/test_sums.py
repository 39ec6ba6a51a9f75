"""What must not spoil a period's sums: a slip of entry, a list of substances that changed, gaps that cancel out, seizures of other
periods, and what is seized beside the total."""
import datetime
import json

import harness
from harness import Centre
from registry import Registry, at
import tap

PERIOD = ('--from', '2025-06-01', '--to', '2025-06-30')
DAY = (2025, 6, 10)
centre = None


def ready():
    """A registry with nothing in it, and a case with one seizure of a kilogram of heroin."""
    global centre
    if centre is None:
        centre = Centre()
    r = Registry(centre.home)
    r.empty()
    case = r.case(at(*DAY))
    z = r.seizure(case, at(*DAY), 'import')
    r.line(z, 'heroin', 10**6)
    return r, case, z


def told(r, *more):
    r.db.commit()
    read = json.loads(centre.tamga('report', *PERIOD, '--language', 'en', '--format', 'json'))
    return read['figures'], {g['code']: g for g in read['reconciliation'] if g['code'] != 'confirmed'}


def text(r, language='en'):
    r.db.commit()
    return centre.tamga('report', *PERIOD, '--language', language)


def test_a_slip_of_entry_stops_no_report():
    r, case, z = ready()
    most = 2**63 - 1
    for _ in range(3):
        r.line(z, 'heroin', most)
        r.line(z, 'methadone', None, count=most, count_kind='tablet')
        r.line(z, 'acetic_anhydride', None, volume_ul=most)
        r.line(z, 'cannabis_plant', 1, growth='wild', area_m2=most)
        r.seizure(case, at(*DAY), value_minor=most, value_currency='AZN')
        exhibit = r.put('exhibit', number=f'E-{next(r.numbers)}', seizure_id=z, line_id=1, words='a bag', made_ms=0)
        r.put('custody', exhibit_id=exhibit, no=1, at_ms=at(*DAY), act='destroyed', from_whom='a', to_whom='b', place='c', purpose='-', net_mg=most,
              previous_hash='', hash='', account_id=1)
    r.line(z, 'opium', -5)
    r.suspect(case, previous_record=1)
    r.seizure(case, at(*DAY), value_minor=100, value_currency='AZN')
    figures, gaps = told(r)
    assert figures['total']['mass_mg'] == 10**6 and figures['large_mg'] == 10**6 and figures['destroyed_mg'] == 0, figures
    assert figures['value'] == [{'currency': 'AZN', 'amount': 1.0}], figures['value']
    left_out = gaps['records_counted']
    assert left_out['open'] and left_out['gap'] == 19, left_out
    for language, said in (('en', 'an error of entry'), ('az', 'giriş səhvidir'), ('ru', 'ошибка ввода')):
        assert said in text(r, language), language
    r.db.close()


def test_what_is_in_no_total_is_no_share_of_it():
    r, _, z = ready()
    r.line(z, 'acetic_anhydride', 500 * 10**6)
    figures, gaps = told(r)
    assert (figures['large'], figures['large_mg'], figures['large_other_mg']) == (1, 10**6, 500 * 10**6), figures
    assert (gaps['large_and_total']['total'], gaps['large_and_total']['sum']) == (10**6, 10**6), gaps['large_and_total']
    assert '-' not in gaps['large_and_total']['words'] and '100.00 % of the total' in gaps['large_and_total']['words'], gaps['large_and_total']
    assert 'in large seizures, outside the total' in text(r)
    r.db.close()


def day(*when):
    return (datetime.date(*when) - datetime.date(1970, 1, 1)).days


def test_the_list_of_substances_counts_as_it_was_on_the_day():
    r, case, z = ready()
    before = told(r)[0]
    r.put('substance', code='heroin', name='heroin', name_az='heroin', name_ru='x', **{'class': 'potent'}, figure_line='potent', large_mg=10**9,
          from_day=day(2025, 6, 20))
    assert told(r)[0] == before, 'a change of the list rewrites no earlier figure'
    later = r.seizure(case, at(2025, 6, 20), 'import')
    r.line(later, 'heroin', 70000)
    figures, _ = told(r)
    by_line = {(x['line'], x['class']): x['now']['mass_mg'] for x in figures['lines']}
    assert by_line == {('heroin', 'narcotic'): 10**6, ('potent', 'potent'): 70000}, by_line
    assert (figures['large'], figures['large_mg'], figures['total']['mass_mg']) == (1, 10**6, 10**6), figures
    r.db.execute('DELETE FROM substance WHERE from_day = ?', (day(2025, 6, 20),))
    r.db.commit()
    r.db.close()


def test_two_gaps_that_cancel_out_are_two_lines():
    r, case, _ = ready()
    r.seizure(case, at(*DAY), 'transit')
    r.case(at(*DAY))
    _, gaps = told(r)
    assert [gaps[c]['gap'] for c in ('facts_with_seizure', 'facts_by_direction')] == [1, -1], gaps
    said = text(r)
    assert 'facts without a seizure have no direction' in said and 'counts once in each of them' in said, said
    r.db.close()


def test_seizures_outside_the_facts_say_why():
    r, _, _ = ready()
    r.line(r.seizure(None, at(*DAY)), 'opium', 5)
    for _ in range(2):
        r.line(r.seizure(r.case(at(2024, 6, 10)), at(*DAY)), 'opium', 5)
    figures, gaps = told(r)
    assert (figures['facts'], figures['seizures']) == (1, 4)
    assert [gaps[c]['gap'] for c in ('seizures_with_case', 'seizures_in_facts')] == [1, 2], gaps
    said = text(r)
    assert 'in no fact' in said and 'opened in another period' in said, said
    r.db.close()


def test_a_seizure_in_a_group_wants_a_group_in_its_case():
    r, case, _ = ready()
    r.seizure(case, at(*DAY), in_group=1)
    assert told(r)[1]['facts_in_group']['gap'] == 1
    r.put('crime_group', case_id=case, name='a group', at_ms=0, account_id=1)
    assert not told(r)[1]['facts_in_group']['open']
    r.db.close()


def test_money_of_one_currency_is_one_row():
    r, case, _ = ready()
    for currency in ('AZN', 'azn', ' AZN '):
        r.seizure(case, at(*DAY), value_minor=150, value_currency=currency)
    r.seizure(case, at(*DAY), value_minor=7, value_currency=None)
    assert {v['currency']: v['amount'] for v in told(r)[0]['value']} == {'AZN': 4.5, 'XXX': 0.07}
    r.db.close()


def test_a_person_that_was_corrected_counts_as_he_is_now():
    r, case, _ = ready()
    person = r.suspect(case, sex='x', birth_year=None, citizenship='XX')
    _, gaps = told(r)
    unstated = ('persons_by_sex', 'persons_by_age', 'persons_by_citizenship', 'persons_by_occupation')
    assert [gaps[c]['gap'] for c in unstated] == [1] * 4, gaps
    r.db.execute("UPDATE suspect SET sex = 'f', birth_year = 2007, citizenship = 'GE', occupation = 'driver' WHERE id = ?", (person,))
    figures, gaps = told(r)
    assert not any(gaps[c]['open'] for c in unstated), gaps
    p = figures['persons']
    assert (p['total'], p['women'], p['foreign'], p['countries']) == (1, 1, 1, [{'country': 'GE', 'count': 1}]), p
    assert [a['age'] for a in p['ages'] if a['count']] == ['18-25'] and [o['occupation'] for o in p['occupations']] == ['driver'], p
    r.db.close()


def cleanup():
    if centre:
        centre.close()
    harness.forget_made()


tap.main()
