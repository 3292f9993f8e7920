using System.Globalization;
using Kappa.Engine.Instances;
using Kappa.Engine.Store;

namespace Kappa.Tests.Engine.Instances;

public sealed class KeyTableTests
{
    [Fact]
    public void Each_key_leads_to_its_own_entry_however_many_there_are()
    {
        var table = new KeyTable();
        var added = Enumerable.Range(0, 10_000).Select(i => table.Add($"key {i}")).ToArray();
        for (var i = 0; i < added.Length; i++)
        {
            Assert.True(table.TryGet($"key {i}", out var found));
            Assert.Same(added[i], found);
        }
        Assert.False(table.TryGet("key", out _));
        Assert.Equal(added.Select(entry => entry.Key).Order(StringComparer.Ordinal), table.All.Select(entry => entry.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_key_that_was_there_before_is_found_while_others_are_added()
    {
        var table = new KeyTable();
        table.Add("first");
        var misses = 0;
        using var done = new CancellationTokenSource();
        var reader = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
                misses += table.TryGet("first", out _) ? 0 : 1;
        });
        reader.Start();
        for (var i = 0; i < 200_000; i++)
            table.Add(i.ToString(CultureInfo.InvariantCulture));
        done.Cancel();
        reader.Join();
        Assert.Equal(0, misses);
    }

    [Fact]
    public void What_is_read_of_a_commit_belongs_to_one_commit()
    {
        var entry = new KeyTable().Add("key");
        Assert.Null(entry.Committed);
        var torn = 0;
        using var done = new CancellationTokenSource();
        var reader = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
                if (entry.Committed is { } read && (read.Address.Offset != read.Version || read.Generation != read.Version || read.Held != read.Version))
                    torn++;
        });
        reader.Start();
        for (var i = 1L; i < 500_000; i++)
            entry.Committed = new CommittedInstance(new StoreAddress((int)i, i, (int)i), i, i, i, true, i);
        done.Cancel();
        reader.Join();
        Assert.Equal(0, torn);
        Assert.Equal(499_999, entry.Committed!.Value.Version);
    }
}
