namespace Kappa.Cli;

/// <summary>What <c>kappa</c> returns to the shell.</summary>
internal static class ExitCode
{
    public const int Ok = 0;

    /// <summary>A check failed, something asked for is not there, or a request was refused.</summary>
    public const int Failed = 1;

    public const int Usage = 2;

    /// <summary>No host answers, or it stays too busy.</summary>
    public const int Unreachable = 3;
}
