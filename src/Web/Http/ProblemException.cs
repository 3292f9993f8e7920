namespace Kappa.Web.Http;

/// <summary>
/// A request cannot be served, for a reason that its sender can do something about. Thrown where a request is read, so
/// that handlers stay straight; never on the append path, where refusals are values.
/// </summary>
public sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
