namespace Kappa.Views;

/// <summary>In how many instances a field differs. The path is a JSON Pointer with <c>*</c> for the places in an array.</summary>
public sealed record FieldCount(string Path, long Keys);
