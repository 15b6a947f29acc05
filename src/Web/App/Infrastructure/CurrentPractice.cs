namespace Telemedicine.Web.Infrastructure;
public sealed class CurrentPractice { public Task<string> NameAsync() => Task.FromResult("x"); }
