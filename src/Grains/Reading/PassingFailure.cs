using Kappa.Log;
using Kappa.Views;

namespace Kappa.Grains.Reading;

/// <summary>Tells what a watch outlives: a silo that was lost, storage that is away for a while. What is broken for good ends it.</summary>
internal static class PassingFailure
{
    public static bool Is(Exception failure, CancellationToken cancellationToken) => !cancellationToken.IsCancellationRequested
        && failure is not (InvalidDataException or ViewFailedException or UnknownViewException or LogCorruptException or LogRetiredException or EngineStoppedException or ObjectDisposedException);
}
