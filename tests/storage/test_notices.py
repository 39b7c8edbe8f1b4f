from service.documents.texts import Texts
from service.privacy.notices import altered
from service.storage.notices import SqlNotices
from tests.builders import DAY, NOW, a_notice


def test_every_language_of_every_version_is_kept(database):
    notices = SqlNotices(database)

    notices.keep([a_notice("1"), a_notice("2")], at=NOW)
    notices.keep([a_notice("2")], at=NOW + DAY)

    assert notices.kept() == tuple(a_notice(version).served(language) for version in "12" for language in ("de", "en"))


def test_a_changed_text_is_noticed_and_the_first_one_stays(database):
    notices = SqlNotices(database)
    notices.keep([a_notice("1")], at=NOW)
    changed = a_notice("1", text=Texts({"de": "Hinweis 1", "en": "Another text"}))

    notices.keep([changed], at=NOW + DAY)

    assert list(altered([changed], notices.kept())) == [changed.served("en")]
    assert list(altered([a_notice("1"), a_notice("2")], notices.kept())) == []
