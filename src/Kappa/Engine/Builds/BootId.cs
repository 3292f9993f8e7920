namespace Kappa.Engine.Builds;

/// <summary>
/// Names the current boot of the machine, so that a start after a loss of power can be told from one after the end of a
/// process. Where the system does not say, each process counts as a boot, which is safe and costs watchers a snapshot.
/// </summary>
internal static class BootId
{
    private const string Linux = "/proc/sys/kernel/random/boot_id";

    public static string Current { get; } = File.Exists(Linux)
        ? File.ReadAllText(Linux).Trim()
        : $"process {Environment.ProcessId}";
}
