using Kappa.Events;
using Kappa.Log;
using Kappa.Silo.EventHubs;
using Kappa.Tests.Log;

namespace Kappa.Tests.EventHubs;

/// <summary>The contract suites on a hub, but for duplicates, which a hub cannot refuse.</summary>
public static class HubLogContractTests
{
    public sealed class Append() : AppendContract(new HubLogMaker());

    public sealed class Read() : ReadContract(new HubLogMaker());

    private sealed class HubLogMaker : LogMaker
    {
        public override OpenedLog Make(int partitions, int duplicateWindow, TimeProvider time)
        {
            var log = EventHubLog.OpenAsync(new TestHub(partitions, time), null, null, default).GetAwaiter().GetResult();
            return new OpenedLog(log, new Resolved(log), log);
        }
    }

    /// <summary>The suites ask for positions, which a hub tells only once the events are read back.</summary>
    private sealed class Resolved(EventHubLog log) : ILogWriter
    {
        public async ValueTask<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken = default)
        {
            var result = await log.AppendAsync(batch, cancellationToken);
            return result.Receipt.Marks.Count == 0 ? result : result with { Receipt = new Receipt(await result.Receipt.ResolveAsync(log, cancellationToken)) };
        }
    }
}
