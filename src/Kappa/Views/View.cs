using System.Buffers;

namespace Kappa.Views;

/// <summary>
/// A view: a name, a version, and a fold from events to state, per key. Authors derive from <see cref="View{TState}"/>.
/// The version names the code: raise it whenever the fold, the keys or the state change, and the view is rebuilt.
/// </summary>
public abstract class View
{
    public const int NameCharactersMax = 64;

    private static readonly SearchValues<char> _nameCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private protected View(string name, int version)
    {
        if (string.IsNullOrEmpty(name) || name.Length > NameCharactersMax || !char.IsAsciiLetterLower(name[0])
            || name.AsSpan().ContainsAnyExcept(_nameCharacters))
            throw new ArgumentException(
                $"The view name '{name}' must be 1 to {NameCharactersMax} lower-case ASCII letters, digits and hyphens, and start with a letter.", nameof(name));
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        (Name, Version) = (name, version);
    }

    public string Name { get; }
    public int Version { get; }

    public abstract IReadOnlyList<LookupDefinition> Lookups { get; }
    public abstract IReadOnlyList<RankDefinition> Ranks { get; }

    /// <summary>The record types that this view handles.</summary>
    public abstract IReadOnlyCollection<Type> Events { get; }

    /// <summary>Calls back with the state type, for code that is generic in it.</summary>
    public abstract TResult Accept<TResult>(IViewVisitor<TResult> visitor);

    public override string ToString() => $"{Name} v{Version}";
}
