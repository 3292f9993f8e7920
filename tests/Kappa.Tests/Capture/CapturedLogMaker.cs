using Kappa.Capture;
using Kappa.Events;
using Kappa.Log;
using Kappa.Tests.Disks;
using Kappa.Tests.Log;

namespace Kappa.Tests.Capture;

/// <summary>
/// Logs for the contract suites that are read through their capture: after every append all is captured, and of the local
/// segments some or all go.
/// </summary>
internal sealed class CapturedLogMaker(int keepSegments) : LogMaker
{
    public override OpenedLog Make(int partitions, int duplicateWindow, TimeProvider time)
    {
        var disk = new SimulatedDisk();
        var options = new LogOptions { Partitions = partitions, DuplicateWindow = duplicateWindow, SegmentBytesMax = 64 << 10 };
        var log = FileLog.Open("/data", options, disk, time);
        var store = new DirectoryCaptureStore("/capture", disk);
        var settings = new CaptureOptions { BytesMax = 300 << 10 };
        var captured = CapturedLog.OpenAsync(store, log, settings).GetAwaiter().GetResult();
        var capture = new LogCapture(log, captured, store, settings, time);
        return new OpenedLog(new TieredLog(log, captured), new Capturing(log, capture, keepSegments), log);
    }

    /// <summary>Retires behind the back of everybody, as far as the duplicate window lets it.</summary>
    private sealed class Capturing(FileLog log, LogCapture capture, int keepSegments) : ILogWriter
    {
        private readonly SemaphoreSlim _one = new(1);

        public async ValueTask<AppendResult> AppendAsync(EventBatch batch, CancellationToken cancellationToken = default)
        {
            var result = await log.AppendAsync(batch, cancellationToken);
            await _one.WaitAsync(cancellationToken);
            try
            {
                Assert.Empty((await capture.CaptureAllAsync(cancellationToken)).Problems);
                for (var p = 0; p < log.PartitionCount; p++)
                {
                    await log.SealAsync(p);
                    if (log.Sealed(p).SkipLast(keepSegments).LastOrDefault(segment => segment.Next <= log.Next(p) - log.DuplicateWindow) is { Segment: not null } last)
                        log.Retire(p, last.Next);
                }
            }
            finally
            {
                _one.Release();
            }
            return result;
        }
    }
}
