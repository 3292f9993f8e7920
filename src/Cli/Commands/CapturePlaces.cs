using System.Runtime.CompilerServices;
using Kappa.Capture;

namespace Kappa.Cli.Commands;

/// <summary>Finds the capture files that a command line names.</summary>
internal static class CapturePlaces
{
    /// <summary>Each file that was named, and the capture files below each directory, in the order of their paths.</summary>
    public static async IAsyncEnumerable<(ICaptureStore Store, string Name)> FilesAsync(string[] places, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var place in places)
        {
            if (File.Exists(place))
            {
                yield return (new DirectoryCaptureStore(Path.GetDirectoryName(Path.GetFullPath(place))!), Path.GetFileName(place));
                continue;
            }
            if (!Directory.Exists(place))
                throw new CliException(ExitCode.Usage, $"there is no file or directory {place}.");
            var (store, found) = (new DirectoryCaptureStore(place), false);
            await foreach (var name in store.ListAsync("", cancellationToken))
                if (name.EndsWith(CaptureLayout.Extension, StringComparison.Ordinal))
                {
                    found = true;
                    yield return (store, name);
                }
            if (!found)
                throw new CliException(ExitCode.Failed, $"there are no capture files below {place}.");
        }
    }
}
