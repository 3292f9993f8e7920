using Kappa.Grains.Builds;
using Kappa.Grains.Hosting;
using Kappa.Grains.Instances;
using Orleans;

namespace Kappa.Grains.Auditing;

/// <summary>Asks all instances of a window, many at a time; ends when all have what they must have, and fails if one has not.</summary>
internal sealed class WindowQuestions(GrainsContext context, BuildName build, int partition)
{
    /// <returns>How many events were mended that streams should have brought.</returns>
    public async Task<long> AskAsync(AuditWindow window, bool withEvents)
    {
        var (missing, extra, refolds) = (0L, 0L, 0L);
        using var room = new SemaphoreSlim(context.Options.QuestionsMax);
        var asked = new List<Task>(window.Keys.Count);
        foreach (var key in window.Keys)
        {
            await room.WaitAsync();
            asked.Add(OneAsync(key));
        }
        await Task.WhenAll(asked);
        if (!withEvents && missing + extra > 0)
            context.Log.Mended(build, partition, missing, extra, window.Next);
        var repairs = withEvents ? extra : missing + extra;
        context.Metrics.Audited(build.View, window.Next - window.From, window.Keys.Count, repairs, refolds);
        return repairs;

        async Task OneAsync(string key)
        {
            try
            {
                var answer = await context.Grains.GetGrain<IViewGrain>(build.InstanceOf(key)).AuditAsync(window.Question(key, withEvents));
                missing += answer.Missing;
                extra += answer.Extra;
                refolds += answer.Refolded ? 1 : 0;
            }
            finally
            {
                room.Release();
            }
        }
    }
}
