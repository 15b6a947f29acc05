using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Pages.Booking;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Infrastructure;

/// <summary>Who may open what: set here once, a folder at a time. What no line names needs a signed-in person.</summary>
internal static class Access
{
    /// <summary>A patient, or a carer on a patient's page that they may open.</summary>
    public const string Patient = nameof(Patient);
    public const string Clinician = nameof(Clinician);

    /// <summary>Staff and administrators.</summary>
    public const string PracticeStaff = nameof(PracticeStaff);

    /// <summary>Administrators alone.</summary>
    public const string Administrator = nameof(Administrator);

    /// <summary>Clinicians, staff and administrators.</summary>
    public const string ClinicTeam = nameof(ClinicTeam);

    /// <summary>A patient for themself, a carer who may, staff for any patient.</summary>
    public const string Booker = nameof(Booker);

    /// <summary>Who takes part in a consultation: a patient, a carer who may, a clinician.</summary>
    public const string Participant = nameof(Participant);

    /// <summary>Who proved themself by a link: their one consultation, and nothing else.</summary>
    public const string Guest = nameof(Guest);

    /// <summary>Anyone whom a practice may know.</summary>
    public const string Person = nameof(Person);

    public static IServiceCollection AddAccess(this IServiceCollection services)
    {
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build())
            .AddPolicy(Patient, policy => policy.AddRequirements(new OwnOrActingRequirement(Roles.Patient)))
            .AddPolicy(Clinician, policy => policy.RequireRole(Roles.Clinician))
            .AddPolicy(PracticeStaff, policy => policy.RequireRole(Roles.Staff, Roles.Administrator))
            .AddPolicy(Administrator, policy => policy.RequireRole(Roles.Administrator))
            .AddPolicy(ClinicTeam, policy => policy.RequireRole(Roles.Clinician, Roles.Staff, Roles.Administrator))
            .AddPolicy(Booker, policy => policy.AddRequirements(new OwnOrActingRequirement(Roles.Patient, Roles.Staff, Roles.Administrator)))
            .AddPolicy(Guest, policy => policy.AddAuthenticationSchemes(GuestCookie.SchemeName).RequireAuthenticatedUser())
            .AddPolicy(Person, policy => policy.RequireRole(Roles.All))
            .AddPolicy(Participant, policy => policy.AddRequirements(new OwnOrActingRequirement(Roles.Patient, Roles.Clinician)));
        services.AddScoped<IAuthorizationHandler, OwnOrActingHandler>();
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
        pages.AuthorizeFolder("/Guests", Guest);
        pages.AllowAnonymousToPage("/Guests/Link");
        pages.AllowAnonymousToPage("/Guests/Ended");
        pages.AuthorizeFolder("/DeviceChecks", Patient);
        pages.AuthorizeFolder("/WaitingList", Patient);
        pages.AuthorizeFolder("/Carers", Booker);
        pages.AddFolderRouteModelConvention("/Carers", BookingPage.AddStaffAddresses);
        pages.AuthorizeFolder("/Registration", Patient);
        pages.AuthorizeFolder("/Clinics", ClinicTeam);
        pages.AuthorizePage("/Clinics/Consultation", Clinician);
        pages.AuthorizePage("/Clinics/Guests", Clinician);
        pages.AuthorizePage("/Clinics/Amend", Clinician);
        pages.AuthorizePage("/Clinics/Letter", Clinician);
        pages.AuthorizePage("/Clinics/FollowUp", Clinician);
        pages.AuthorizePage("/Clinics/StaffTasks", Clinician);
        pages.AuthorizeFolder("/Practice", PracticeStaff);
        pages.AuthorizePage("/Practice/Services", Administrator);
        pages.AuthorizePage("/Practice/Service", Administrator);
        pages.AuthorizePage("/Practice/Clinicians", Administrator);
        pages.AuthorizePage("/Practice/Clinician", Administrator);
        pages.AuthorizePage("/Practice/Staff", Administrator);
        pages.AuthorizePage("/Practice/StaffMember", Administrator);
        pages.AuthorizeFolder("/Demonstration", Person);
    }
}
