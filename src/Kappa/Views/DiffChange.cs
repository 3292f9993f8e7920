namespace Kappa.Views;

/// <summary>How an instance differs between two builds.</summary>
public enum DiffChange
{
    Changed,
    OnlyOld,
    OnlyNew,
}
