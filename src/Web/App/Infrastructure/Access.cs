using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Web.Pages.Booking;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Infrastructure;

/// <summary>Who may open what: set here once, a folder at a time. What no line names needs a signed-in person.</summary>
internal static class Access
{
    public const string Patient = nameof(Patient);
    public const string Clinician = nameof(Clinician);

    /// <summary>Staff and administrators.</summary>
    public const string PracticeStaff = nameof(PracticeStaff);

    /// <summary>Administrators alone.</summary>
    public const string Administrator = nameof(Administrator);

    /// <summary>Clinicians, staff and administrators.</summary>
    public const string ClinicTeam = nameof(ClinicTeam);

    /// <summary>A patient for themself, staff for any patient.</summary>
    public const string Booker = nameof(Booker);

    /// <summary>The two who take part in a consultation.</summary>
    public const string Participant = nameof(Participant);

    /// <summary>Anyone whom a practice may know.</summary>
    public const string Person = nameof(Person);

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Patient, policy => policy.RequireRole(Roles.Patient))
            .AddPolicy(Clinician, policy => policy.RequireRole(Roles.Clinician))
            .AddPolicy(PracticeStaff, policy => policy.RequireRole(Roles.Staff, Roles.Administrator))
            .AddPolicy(Administrator, policy => policy.RequireRole(Roles.Administrator))
            .AddPolicy(ClinicTeam, policy => policy.RequireRole(Roles.Clinician, Roles.Staff, Roles.Administrator))
            .AddPolicy(Booker, policy => policy.RequireRole(Roles.Patient, Roles.Staff, Roles.Administrator))
            .AddPolicy(Person, policy => policy.RequireRole(Roles.All))
            .AddPolicy(Participant, policy => policy.RequireRole(Roles.Patient, Roles.Clinician));
        return services;
    }

    public static void ByFolder(RazorPagesOptions options)
    {
        var pages = options.Conventions;
        pages.AuthorizeFolder("/");
        pages.AllowAnonymousToPage("/Index");
        pages.AllowAnonymousToPage("/Accessibility");
        pages.AllowAnonymousToPage("/Error");
        pages.AllowAnonymousToFolder("/Account");
        pages.AuthorizeFolder("/Appointments", Patient);
        pages.AuthorizeFolder("/Booking", Booker);
        pages.AddFolderRouteModelConvention("/Booking", BookingPage.AddStaffAddresses);
        pages.AuthorizeFolder("/Consultations", Patient);
        pages.AuthorizeFolder("/WaitingList", Patient);
        pages.AuthorizeFolder("/Registration", Patient);
        pages.AuthorizeFolder("/Clinics", ClinicTeam);
        pages.AuthorizePage("/Clinics/Consultation", Clinician);
        pages.AuthorizeFolder("/Practice", PracticeStaff);
        pages.AuthorizePage("/Practice/Services", Administrator);
        pages.AuthorizePage("/Practice/Service", Administrator);
        pages.AuthorizeFolder("/Demonstration", Person);
    }
}
