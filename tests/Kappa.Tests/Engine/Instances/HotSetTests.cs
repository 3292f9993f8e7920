using Kappa.Contracts;
using Kappa.Engine.Instances;
using Kappa.Views;

namespace Kappa.Tests.Engine.Instances;

public sealed class HotSetTests
{
    private readonly KeyTable _table = new();

    [Fact]
    public void Every_instance_that_stays_is_found_and_none_that_went()
    {
        var set = new HotSet<Account>(bytesMax: 50 * 100);
        var hot = Enumerable.Range(0, 100).Select(i => Add(set, $"key {i}", 1)).ToArray();
        set.Sweep();
        var kept = hot.Where(one => set.TryGet(one.Entry, out var found) && ReferenceEquals(found, one)).ToArray();
        Assert.Equal(50, kept.Length);
        Assert.All(hot.Except(kept), one => Assert.False(set.TryGet(one.Entry, out _)));
    }

    [Fact]
    public void Under_a_small_bound_those_with_the_most_events_stay()
    {
        var set = new HotSet<Account>(bytesMax: 1_000_000);
        var busy = Enumerable.Range(0, 5).Select(i => Add(set, $"busy {i}", 1_000)).ToArray();
        for (var round = 0; round < 20; round++)
        {
            var rare = Enumerable.Range(0, 10).Select(i => Add(set, $"rare {round} {i}", 1 + i)).ToArray();
            set.KeepBusiest(10 * 100);
            Assert.All(busy, one => Assert.True(set.TryGet(one.Entry, out _)));
            Assert.False(set.TryGet(rare[0].Entry, out _));
        }
    }

    private HotInstance<Account> Add(HotSet<Account> set, string key, long version)
    {
        var instance = new ViewInstance<Account>(key);
        instance.Load(null, version, default, default, 0, 0, default(PartitionMarks));
        var hot = new HotInstance<Account>(_table.Add(key), instance, 1) { Bytes = 100 };
        set.Add(hot);
        return hot;
    }
}
