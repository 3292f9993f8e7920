using Kappa.Log;
using Kappa.Tests.Disks;

namespace Kappa.Tests.Log;

/// <summary>The logs that the core brings.</summary>
public abstract partial class LogMaker
{
    /// <summary>The reference.</summary>
    internal sealed class InMemory : LogMaker
    {
        public override OpenedLog Make(int partitions, int duplicateWindow, TimeProvider time)
        {
            var log = new MemoryLog(partitions, duplicateWindow, time);
            return new OpenedLog(log, log, log);
        }
    }

    /// <summary>The file log on a simulated disk.</summary>
    internal sealed class OnSimulatedDisk : LogMaker
    {
        public override OpenedLog Make(int partitions, int duplicateWindow, TimeProvider time)
        {
            var log = FileLog.Open("/data", Options(partitions, duplicateWindow), new SimulatedDisk(), time);
            return new OpenedLog(log, log, log);
        }
    }

    /// <summary>The file log on the machine's own disk.</summary>
    internal sealed class OnPhysicalDisk : LogMaker
    {
        private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("kappa-log-");

        public override OpenedLog Make(int partitions, int duplicateWindow, TimeProvider time)
        {
            var log = FileLog.Open(_directory.FullName, Options(partitions, duplicateWindow), time: time);
            return new OpenedLog(log, log, log);
        }

        public override void Dispose()
        {
            _directory.Delete(recursive: true);
            base.Dispose();
        }
    }

    /// <summary>Segments as small as may be, so that the suites cross their borders.</summary>
    private static LogOptions Options(int partitions, int duplicateWindow) =>
        new() { Partitions = partitions, DuplicateWindow = duplicateWindow, SegmentBytesMax = 64 << 10 };
}
