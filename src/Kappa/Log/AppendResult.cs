namespace Kappa.Log;

/// <summary>How an append ended.</summary>
public enum AppendStatus
{
    /// <summary>Stored and durable, less the duplicates.</summary>
    Appended,

    /// <summary>Nothing of it was stored: too much is waiting to be written. Try again shortly.</summary>
    Overloaded,
}

/// <summary>What an append did. <paramref name="Appended"/> counts events newly stored, without the duplicates.</summary>
public readonly record struct AppendResult(AppendStatus Status, int Appended, int Duplicates, Receipt Receipt)
{
    public static AppendResult Overloaded { get; } = new(AppendStatus.Overloaded, 0, 0, Receipt.Empty);
}
