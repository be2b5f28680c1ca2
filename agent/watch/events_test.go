package watch_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tramsync/agent/watch"
)

// events are what can happen in an export folder, each with the test that shows what the watcher makes of it. Some run
// on Windows or on Linux only.
func events() map[string]string {
	return map[string]string{
		"a file is there at the start":                      "TestWatcher_HandsOverWhatHasSettled",
		"a file appears and is announced":                   "TestWatcher_AHintBringsAWalk",
		"a file appears, with the system's own events":      "TestWatcher_RealNotificationsFindFilesWithoutWaitingForAWalk",
		"a file is written to for longer than it settles":   "TestWatcher_AFileThatGrowsSettlesAnew",
		"a file is replaced while it settles":               "TestWatcher_AFileReplacedBySameSizeSettlesAnew",
		"a file is emptied while it settles":                "TestWatcher_AFileEmptiedWhileWaitingDoesNotSettle",
		"a file is renamed or deleted while it settles":     "TestWatcher_AFileThatGoesWhileWaitingIsForgotten",
		"a file is deleted while it is read":                "TestWatcher_AFileDeletedWhileItIsReadIsDealtWith",
		"a file that was taken in is corrected":             "TestWatcher_AChangedFileIsTakenInAgain",
		"a file gets its name when it is complete":          "TestWatcher_AFileThatGetsItsNameLastWaitsForIt",
		"a file has no content":                             "TestWatcher_EmptyFilesWaitApart",
		"a file does not open (Linux)":                      "TestWatcher_AFileThatDoesNotOpenWaits",
		"a file is held by another program (Windows)":       "TestWatcher_AFileHeldByAnotherProgramWaits",
		"a file is renamed and deleted while we hold it":    "TestOpen",
		"a file can't be taken in":                          "TestWatcher_AFileThatWasNotTakenInIsOfferedAgain",
		"a correction comes with its original":              "TestWatcher_OlderFilesComeFirst",
		"the queue is full":                                 "TestWatcher_PauseStopsTheWalk",
		"one of 50,000":                                     "TestWatcher_FiftyThousandFilesAtOnceAreAllFound",
		"one beside a hundred thousand old ones":            "TestWatcher_AGlanceFindsWhatComesBetweenRareWalks",
		"an old one of many is written to":                  "TestWatcher_AFileWrittenInPlaceIsFoundByTheNextWalk",
		"in a new folder, with its files at once":           "TestWatcher_AFileInANewFolderIsFoundWithoutHint",
		"in a folder that is being read":                    "TestWatcher_FoldersAreWatchedBeforeTheyAreRead",
		"in a folder that is not there yet":                 "TestWatcher_AMissingFolderIsAFaultUntilItIsThere",
		"in a folder that can't be read (Linux)":            "TestWatcher_AnUnreadableFolderIsAFaultWhileTheRestGoesOn",
		"in a folder that can be listed only (Linux)":       "TestWatcher_AFolderThatCannotBeEnteredIsAFault",
		"in a folder of 300 that each want watching":        "TestWatcher_WatchesABoundedNumberOfFolders",
		"the folder is removed and made anew (Linux)":       "TestWatcher_AFolderMadeAnewIsFoundAgain",
		"the folder goes and comes back between rare walks": "TestWatcher_AGlanceSeesThatAFolderGoesAndComesBack",
		"the drive is pulled out and put back (Linux)":      "TestWatcher_ADriveThatGoesAndComesBackIsWalkedAndWatchedAgain",
		"a drive comes between rare walks (Linux)":          "TestWatcher_ADriveThatComesBetweenRareWalksIsSeenAtAGlance",
		"on a share that announces nothing":                 "TestWatcher_ASilentSourceIsDropped",
		"on a share that announces little":                  "TestWatcher_AHintNowAndThenShowsThatTheSourceIsAlive",
		"the watching dies":                                 "TestWatcher_ASourceThatClosesIsStartedAgain",
		"the watching dies during a walk":                   "TestWatcher_ASourceThatDiesDuringAWalkIsNotMissed",
		"the watching can't begin":                          "TestWatcher_ASourceThatCannotStartIsTriedLessAndLess",
		"a folder can't be watched":                         "TestWatcher_AFolderThatCannotBeWatchedEndsTheSource",
		"more happens than the system can tell (Linux)":     "TestWatcher_TheSystemsOverflowBringsAWalk",
		"events without end":                                "TestWatcher_WalksOnHintsTakeATenthOfTheTimeAtMost",
		"an event during intake":                            "TestWatcher_AHintThatComesDuringIntakeIsNotForgotten",
		"names composed, decomposed, long, with odd signs":  "TestWatcher_OddNamesAreNamesLikeOthers",
		"names composed in the pattern only":                "TestWatcher_APatternOfComposedLettersFindsDecomposedOnes",
		"names that Windows refuses (Linux)":                "TestWatcher_NamesThatWindowsWouldRefuseAreTakenIn",
		"names that a Linux share can hold (Windows)":       "TestWatcher_NamesThatOnlyALinuxServerCanMakeAreTakenIn",
		"a path longer than 260 characters":                 "TestWatcher_APathLongerThan260CharactersIsAPath",
		"temporary and hidden files, links":                 "TestWatcher_PassesOverWhatIsNotAnExport",
		"the configured folder is a link":                   "TestWatcher_FollowsTheConfiguredFolderIfItIsALink",
		"a junction (Windows)":                              "TestWatcher_JunctionsAreNotFollowed",
		"a pipe":                                            "TestWatcher_PassesOverPipes",
		"a pipe, link or device is opened":                  "TestOpen_RefusesWhatIsNoRegularFile",
		"a socket, a device":                                "TestWatcher_PassesOverSocketsAndDevices",
		"a file becomes a pipe while it settles":            "TestWatcher_AFileThatBecomesSomethingElseIsForgotten",
		"a file becomes a link while it settles":            "TestWatcher_AFileThatBecomesALinkIsForgotten",
		"a file in two feeds":                               "TestWatcher_AFileGoesToTheFirstFeedOnly",
	}
}

func TestEvents_EachHasItsTest(t *testing.T) {
	names, err := filepath.Glob("*_test.go")
	if err != nil || len(names) == 0 {
		t.Skipf("the sources are not here: %v", err)
	}
	there := map[string]bool{}
	for _, name := range names {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok {
				there[fn.Name.Name] = true
			}
		}
	}
	for event, test := range events() {
		if !there[test] {
			t.Errorf("%s: %s does not exist", event, test)
		}
	}
	t.Logf("%d events", len(events()))
}

func TestWatcher_AFileDeletedWhileItIsReadIsDealtWith(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.write("a.xml", "x")
		b.sink.onTakeIn = func() {
			if err := os.Remove(b.path("a.xml")); err != nil {
				t.Error(err)
			}
		}
		b.watch()
		b.pass(settle)
		b.wantTaken("his a.xml")
		b.passTo(2 * interval)
		b.wantTaken("his a.xml")
		b.wantProgress(watch.Progress{Walks: 3})
	})
}

func TestWatcher_AFileThatGetsItsNameLastWaitsForIt(t *testing.T) {
	run(t, func(t *testing.T, b *bench) {
		b.opt.Feeds[0].Patterns = []string{b.dir + "/*"}
		b.write("a.xml.part", "half")
		b.watch()
		b.passTo(interval - time.Second)
		b.write("a.xml.part", "and whole")
		if err := os.Rename(b.path("a.xml.part"), b.path("a.xml")); err != nil {
			t.Fatal(err)
		}
		b.passTo(interval + settle - time.Millisecond)
		b.wantTaken()
		b.passTo(interval + settle)
		b.wantTaken("his a.xml")
	})
}
