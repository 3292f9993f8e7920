using Kappa.Events;
using Kappa.Log;

namespace Kappa.Tests.Log;

/// <summary>What every log must do. Inherited once per implementation.</summary>
public abstract class LogContract(LogMaker maker) : IAsyncLifetime
{
    private readonly List<OpenedLog> _opened = [];

    protected static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var opened in _opened)
            await opened.Close.DisposeAsync();
        maker.Dispose();
    }

    protected OpenedLog Open(int partitions = 1, int duplicateWindow = 100, TimeProvider? time = null)
    {
        var log = maker.Make(partitions, duplicateWindow, time ?? TimeProvider.System);
        _opened.Add(log);
        return log;
    }

    protected static async Task<AppendResult> AppendAsync(OpenedLog log, params (string Subject, string Id)[] events)
    {
        using var batch = TestEvents.Batch(events);
        return await log.Writer.AppendAsync(batch);
    }

    /// <summary>A subject whose events go to this partition of so many.</summary>
    protected static string SubjectIn(int partition, int partitions) =>
        Enumerable.Range(0, 10_000).Select(i => $"subject/{i}")
            .First(subject => Kappa.Log.StableHash.Partition(System.Text.Encoding.UTF8.GetBytes(subject), partitions) == partition);
}
