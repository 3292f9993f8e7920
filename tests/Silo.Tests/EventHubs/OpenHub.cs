using Kappa.Events;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Tests.Log;

namespace Kappa.Tests.EventHubs;

/// <summary>Logs on hubs, and what tests do with them.</summary>
internal static class OpenHub
{
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Pauses after failures are short, so that tests of them are.</summary>
    public static EventHubLogOptions Quick { get; } = new()
    {
        RetryAfter = TimeSpan.FromMilliseconds(1),
        RetryAfterMax = TimeSpan.FromMilliseconds(20),
        SendTimeout = TimeSpan.FromSeconds(20),
        ReadTimeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Nobody learns of an event because it is looked up every few seconds.</summary>
    public static EventHubLogOptions Unasked { get; } = Quick with { RefreshEvery = TimeSpan.FromHours(1) };

    public static Task<EventHubLog> LogAsync(this TestHub hub, EventHubLogOptions? options = null, TimeProvider? time = null) =>
        EventHubLog.OpenAsync(hub, options ?? Quick, time, default);

    public static async Task<AppendResult> AppendAsync(this EventHubLog log, params (string Subject, string Id)[] events)
    {
        using var batch = TestEvents.Batch(events);
        return await log.AppendAsync(batch);
    }

    public static async Task<Cut> CutAsync(this EventHubLog log, AppendResult result) =>
        await result.Receipt.ResolveAsync(log).AsTask().WaitAsync(Patience);

    /// <summary>Whether something comes to be true that nobody can be asked to tell of.</summary>
    public static async Task<bool> IsSoonAsync(Func<bool> condition)
    {
        for (var started = TimeProvider.System.GetTimestamp(); !condition(); await Task.Yield())
            if (TimeProvider.System.GetElapsedTime(started) > Patience / 6)
                return false;
        return true;
    }

    /// <summary>The ids that a reader keeps who drops duplicates.</summary>
    public static async Task<List<string>> DistinctIdsAsync(this ILogReader log, int partition, int window = 1000, long from = 0)
    {
        var ids = new List<string>();
        using var filter = await DuplicateFilter.OpenAsync(log, partition, window, from);
        while (filter.Next < log.Next(partition))
        {
            using var page = await log.ReadAsync(partition, filter.Next, 10_000);
            for (var i = 0; i < page.Count; i++)
                if (!await filter.IsDuplicateAsync(page.Events[i]))
                    ids.Add(page.Events[i].IdText());
        }
        return ids;
    }
}
