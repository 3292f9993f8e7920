namespace Kappa.Contracts;

/// <summary>
/// The fault of a fold or of a key selector that cannot take some note, until it is mended. Each test has its own, and gives it to its views; so
/// code can be mended in engines that cannot be restarted, too.
/// </summary>
public sealed class Fault(string note)
{
    private volatile bool _isMended;

    public bool IsIn(string? text) => !_isMended && text == note;

    /// <summary>A key selector with the fault in it.</summary>
    public string? Key(Credited e) => IsIn(e.Note) ? throw new InvalidOperationException($"no key for a note of '{e.Note}'") : e.Account;

    public void Mend() => _isMended = true;
}
