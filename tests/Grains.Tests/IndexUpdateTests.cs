using Kappa.Grains.Indexes;

namespace Kappa.Grains.Tests;

/// <summary>What several silos tell an index shard at once.</summary>
public sealed class IndexUpdateTests
{
    [Fact]
    public void An_older_word_does_not_undo_a_newer_one_whichever_comes_last()
    {
        var update = new IndexUpdate();
        update.AddRange([Entry("a", 5), Entry("a", 4), Entry("b", 1), Entry("c", 3) with { Generation = 1 }]);
        update.AddRange([Entry("a", 3), Entry("b", 2), Entry("b", 2) with { Held = 1 }, Entry("c", 9)]);
        Assert.Equal([("a", 5L, 0L), ("b", 2L, 1L), ("c", 3L, 0L)], update.NewestOf(_ => null).OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Version, entry.Held)));
        Assert.Equal(["c"], update.NewestOf(_ => (0, 5, 0)).Select(entry => entry.Key));
    }

    [Fact]
    public void All_who_went_with_a_write_that_failed_are_told()
    {
        var update = new IndexUpdate();
        update.AddRange([Entry("a", 1)]);
        update.Failed(new InvalidOperationException("no room"));
        Assert.True(update.IsOver);
        Assert.Contains("no room", Assert.Throws<IOException>(update.MustBeWritten).Message, StringComparison.Ordinal);
    }

    private static IndexEntry Entry(string key, long version) => new(key, version, 0, 0, true, 0, [], []);
}
