namespace Kappa.Cli.Import;

/// <summary>How many events a log took, and how many of them it had already.</summary>
internal readonly record struct Appended(long New, long Duplicates)
{
    public static Appended operator +(Appended a, Appended b) => new(a.New + b.New, a.Duplicates + b.Duplicates);
}
