namespace Kappa.Tests.Tidy;

/// <summary>
/// The public API of the core as text, so that no change to it goes unnoticed. <c>KAPPA_ACCEPT=1</c> writes it anew.
/// </summary>
public sealed class PublicApiTests
{
    private static readonly string _pinned = Path.Combine(SourceTree.Root, "tests", "Kappa.Tests", "Tidy", "Kappa.PublicApi.txt");

    [Fact]
    public void The_public_api_of_Kappa_is_the_pinned_one()
    {
        var actual = PublicApi.Of(typeof(Kappa.Log.Cut).Assembly).ToArray();
        if (SourceTree.Accepts)
            File.WriteAllLines(_pinned, actual);

        var pinned = File.ReadAllLines(_pinned);
        var changes = pinned.Except(actual).Select(line => "- " + line)
            .Concat(actual.Except(pinned).Select(line => "+ " + line))
            .OrderBy(line => line[2..], StringComparer.Ordinal);
        SourceTree.MustBeNone(changes,
            "The public API of Kappa changed. If that is meant, run these tests with KAPPA_ACCEPT=1, which writes Kappa.PublicApi.txt anew, and commit it.");
    }
}
