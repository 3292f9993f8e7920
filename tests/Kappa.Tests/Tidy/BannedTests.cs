namespace Kappa.Tests.Tidy;

/// <summary>What would break determinism, hide a failure, or rot.</summary>
public sealed class BannedTests
{
    private static IEnumerable<SourceFile> Pure => SourceTree.Files.Where(f => f.IsIn("src/Kappa", "src/Views"));
    private static IEnumerable<SourceFile> Tests => SourceTree.Files.Where(f => f.IsIn("tests"));

    // This folder has to spell out what it looks for.
    private static IEnumerable<SourceFile> All => SourceTree.Files.Where(f => !f.IsIn("tests/Kappa.Tests/Tidy"));

    [Fact]
    public void Core_and_views_read_no_clock_but_TimeProvider() => SourceTree.MustBeNone(
        SourceTree.InCode(Pure, @"\bDateTime(Offset)?\.(Utc)?(Now|Today)\b|\bStopwatch\b|\bEnvironment\.TickCount"),
        "Time comes from TimeProvider, so that tests and simulations own it.");

    [Fact]
    public void Core_and_views_draw_no_random_numbers() => SourceTree.MustBeNone(
        SourceTree.InCode(Pure, @"\bGuid\.(NewGuid|CreateVersion7)\b|\bRandom\.Shared\b|\bnew Random\(\s*\)|\bRandomNumberGenerator\b"),
        "The same log must give the same bytes; whoever needs a random number is given a source of it.");

    [Fact]
    public void Libraries_write_nothing_to_the_console() => SourceTree.MustBeNone(
        SourceTree.InCode(SourceTree.Files.Where(f => f.IsIn("src/Kappa", "src/Views", "src/Web", "src/Grains") && f.Name != "Program"), @"\bConsole\.(Write|Error|Out)"),
        "Libraries and hosts report through return values, metrics and logs; only a program that cannot start writes to stderr.");

    [Fact]
    public void Nothing_is_left_for_later() => SourceTree.MustBeNone(
        SourceTree.InText(All, @"\b(TODO|FIXME|HACK|XXX)\b").Concat(SourceTree.InCode(All, @"\bNotImplementedException\b")),
        "What is missing belongs into an issue.");

    [Fact]
    public void No_catch_is_empty() => SourceTree.MustBeNone(
        from file in All
        from place in SourceTree.InText([file], @"\bcatch\s*(\([^)]*\)\s*)?(when\s*\(.*\)\s*)?\{\s*\}")
            .Concat(SourceTree.InCode([file], @"\bcatch\s*(\(\s*Exception\b[^)]*\)\s*)?\{\s*\}"))
        select place,
        "A failure that is swallowed comes back as a riddle. Catch what is expected by its type, and say in the block why nothing follows.");

    [Fact]
    public void No_test_is_skipped() => SourceTree.MustBeNone(
        SourceTree.InCode(Tests, @"\bSkip\s*="),
        "A test that cannot run here returns early and writes why.");

    [Fact]
    public void No_test_sleeps() => SourceTree.MustBeNone(
        SourceTree.InCode(Tests, @"\b(Task\.Delay|Thread\.Sleep|SpinWait\.SpinUntil)\b"),
        "Wait for a signal with a limit; a sleep is either too short or too long.");

    [Fact]
    public void No_machine_is_named() => SourceTree.MustBeNone(
        SourceTree.InText(All.Concat(SourceTree.Projects), @"(?<![\w.\])}])/(tmp|work|home|root|mnt|Users)/|\b[A-Za-z]:\\\\?Users"),
        "A path of one machine means nothing on another.");
}
