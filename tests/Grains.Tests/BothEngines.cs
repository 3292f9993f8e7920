using System.Text;
using Kappa.Contracts;
using Kappa.Engine;
using Kappa.Events;
using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Tests;

/// <summary>Compares a cluster with the embedded engine over the same log, instance by instance, byte by byte.</summary>
internal static class BothEngines
{
    public static async Task<long> MustAgreeAsync(IViews cluster, ILogReader log, EventTypes types, IReadOnlyList<View> views)
    {
        var folder = Directory.CreateTempSubdirectory("kappa-both-");
        try
        {
            await using var engine = ViewEngine.Open(log, types, views, folder.FullName);
            var end = new Receipt(LogCuts.EndOf(log));
            var compared = 0L;
            foreach (var view in views)
            {
                // A read waits for the shard of its key; so many keys have one in each.
                for (var i = 0; i < 64; i++)
                    Assert.NotEqual(ReadStatus.NotYet, (await engine.ReadAsync(view.Name, $"any{i}", end, ViewsHost.Patience)).Status);
                var (expected, found) = (await KeysAsync(engine, view.Name), await KeysAsync(cluster, view.Name));
                Assert.Equal(expected, found);
                foreach (var some in expected.Chunk(64))
                    foreach (var (key, mine, theirs) in await Task.WhenAll(some.Select(async key =>
                        (key, (await engine.ReadAsync(view.Name, key)).Envelope!, (await cluster.ReadAsync(view.Name, key)).Envelope!))))
                    {
                        Assert.Equal((key, mine.Version, Text(mine)), (key, theirs.Version, Text(theirs)));
                        compared++;
                    }
            }
            return compared;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static async Task<List<string>> KeysAsync(IViews views, string view)
    {
        var keys = new List<string>();
        for (string? after = null; ;)
        {
            var page = await views.KeysAsync(view, "", after, 1000);
            keys.AddRange(page.Items.Select(item => item.Key));
            if ((after = page.Next) is null)
                return keys;
        }
    }

    private static string Text(ViewEnvelope envelope) => Encoding.UTF8.GetString(envelope.State.Span);
}
