namespace Kappa.Views;

/// <summary>The <c>after</c> of a list is not what a page before gave as <c>next</c>.</summary>
public sealed class InvalidCursorException() : FormatException("'after' must be the 'next' of the page before, unchanged.");
